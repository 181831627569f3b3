import { RefusedInput } from './errors.ts';
import { FILE_LIMITS, sizeText } from './file-limits.ts';
import { UNPACKING } from './unpacking.ts';

/** What a zip's directory says of one file in it. */
export interface ZipEntryFacts {
  readonly name: string;
  readonly bytes: number;
  readonly packedBytes: number;
  /** Of its local header in the zip. */
  readonly offset: number;
  readonly isEncrypted: boolean;
}

/**
 * Refuses a zip by its directory alone, before anything is unpacked: entries that share their bytes are a bomb too
 * (Fifield 2019). Throws RefusedInput `zip-bomb`, `zip-encrypted`, `file-too-large`.
 */
export function refuseZip(shown: string, entries: readonly ZipEntryFacts[]): void {
  refuseCount(shown, entries.length);
  for (const entry of entries) refuseEntry(shown, entry);
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (total > FILE_LIMITS.zipTotalBytes) {
    const limit = sizeText(FILE_LIMITS.zipTotalBytes);
    throw new RefusedInput('zip-bomb', `${shown} unpacks to ${sizeText(total)}; up to ${limit} are read`);
  }
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (entry.offset < end)
      throw new RefusedInput('zip-bomb', `${shown}: ${entry.name} shares its bytes with another file`);
    end = entry.offset + entry.packedBytes;
  }
}

/** Throws RefusedInput `zip-bomb`. */
export function refuseCount(shown: string, entries: number): void {
  if (entries <= FILE_LIMITS.zipEntries) return;
  throw new RefusedInput(
    'zip-bomb',
    `${shown} names ${entries} files; up to ${FILE_LIMITS.zipEntries} are read`,
  );
}

function refuseEntry(shown: string, { name, bytes, packedBytes, isEncrypted }: ZipEntryFacts): void {
  if (isEncrypted) throw new RefusedInput('zip-encrypted', `${shown}: ${name} is encrypted; unpack it first`);
  refuseTooLarge(`${shown}: ${name}`, bytes);
  if (bytes < UNPACKING.fromBytes || bytes / Math.max(packedBytes, 1) <= UNPACKING.ratio) return;
  const sizes = `${sizeText(packedBytes)} that unpack to ${sizeText(bytes)}`;
  throw new RefusedInput('zip-bomb', `${shown}: ${name} holds ${sizes}, as a zip bomb does`);
}

/** Throws RefusedInput `file-too-large`. */
export function refuseTooLarge(shown: string, bytes: number): void {
  if (bytes <= FILE_LIMITS.fileBytes) return;
  const text = `${shown} has ${sizeText(bytes)}; files up to ${sizeText(FILE_LIMITS.fileBytes)} are read`;
  throw new RefusedInput('file-too-large', text);
}

/** A zip may hold several files of one name; each is a file of its own. */
export function freeName(name: string, taken: Map<string, number>): string {
  let [free, count] = [name, taken.get(name) ?? 1];
  while (taken.has(free)) free = `${name} (${++count})`;
  taken.set(free, 1).set(name, count);
  return free;
}

/** Local file header or empty archive (APPNOTE 4.3.7, 4.3.16), by the first four bytes. */
export const isZip = ([p, k, a, b]: Uint8Array): boolean =>
  p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));

/** Ways of packing that zips name and that are seldom met (APPNOTE 4.4.5). */
const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'xz',
};

export function zipMethodRefusal(shown: string, method: number, cause: unknown): RefusedInput {
  const name = METHODS[method] ?? 'an unknown one';
  const text = `${shown}: its zip uses compression method ${method} (${name}), which is not opened; unpack it first`;
  return new RefusedInput('zip-method', text, { cause });
}

import { crc32 } from 'node:zlib';
import { type Entry, openPromise, validateFileName, type ZipFile } from 'yauzl';
import {
  freeName,
  messageOf,
  RefusedInput,
  refuseCount,
  refuseZip,
  type StudyFile,
  type ZipEntryFacts,
  zipMethodRefusal,
} from '../base/index.ts';

import { explainSystemError } from './system-errors.ts';

const OPTIONS = { autoClose: false, lazyEntries: true, validateEntrySizes: true } as const;

/**
 * The files in a zip, by its directory alone: nothing is unpacked before a file is read, and nothing ever to disk.
 * Throws RefusedInput `zip-corrupt`, `zip-bomb`, `zip-path-escape`, `zip-encrypted`, `file-too-large`.
 */
export async function zipFiles(location: string, shown: string, prefix: string): Promise<StudyFile[]> {
  const entries = await listEntries(location, shown);
  refuseZip(shown, entries.map(factsOf));
  const taken = new Map<string, number>();
  return entries.map((entry) => {
    const path = `${prefix}${freeName(entry.fileName, taken)}`;
    const read = (firstBytes?: number) => readEntry(location, path, entry, firstBytes);
    return Object.freeze({ path, size: entry.uncompressedSize, read });
  });
}

async function listEntries(location: string, shown: string): Promise<Entry[]> {
  return await withZip(location, `${shown} is not a sound zip`, shown, async (zip) => {
    refuseCount(shown, zip.entryCount);
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      refusePath(shown, entry);
      entries.push(entry);
    }
    return entries;
  });
}

/** Opens, works, closes; what the library finds wrong with the zip's structure is `zip-corrupt`, said as `fault`. */
async function withZip<T>(
  location: string,
  fault: string,
  shown: string,
  work: (zip: ZipFile) => Promise<T>,
): Promise<T> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(location, OPTIONS);
    return await work(zip);
  } catch (thrown) {
    throw explainZipError(thrown, fault, shown);
  } finally {
    zip?.close();
  }
}

function explainZipError(thrown: unknown, fault: string, shown: string): Error {
  if (thrown instanceof RefusedInput) return thrown;
  if (thrown instanceof Error && 'syscall' in thrown) return explainSystemError(thrown, 'read', shown);
  const reason = messageOf(thrown);
  if (/relative path|absolute path|invalid characters in fileName/.test(reason)) {
    return new RefusedInput('zip-path-escape', `${shown}: a path leaves the zip (${reason})`, {
      cause: thrown,
    });
  }
  const method = /unsupported compression method: (\d+)/.exec(reason)?.[1];
  if (method !== undefined) return zipMethodRefusal(shown, Number(method), thrown);
  return new RefusedInput('zip-corrupt', `${fault}: ${reason}`, { cause: thrown });
}

function refusePath(shown: string, { fileName }: Entry): void {
  const problem = validateFileName(fileName);
  if (problem === null) return;
  throw new RefusedInput('zip-path-escape', `${shown}: a path leaves the zip (${problem})`);
}

const factsOf = (entry: Entry): ZipEntryFacts => ({
  name: entry.fileName,
  bytes: entry.uncompressedSize,
  packedBytes: entry.compressedSize,
  offset: entry.relativeOffsetOfLocalHeader,
  isEncrypted: entry.isEncrypted(),
});

async function readEntry(
  location: string,
  shown: string,
  entry: Entry,
  firstBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const wanted = Math.min(firstBytes, entry.uncompressedSize);
  return await withZip(location, `${shown}: damaged in its zip`, shown, async (zip) => {
    const stream = await zip.openReadStreamPromise(entry);
    const bytes = new Uint8Array(wanted);
    let done = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        bytes.set(chunk.subarray(0, wanted - done), done);
        done += Math.min(chunk.length, wanted - done);
        if (done === wanted && wanted < entry.uncompressedSize) break;
      }
    } finally {
      stream.destroy();
    }
    if (wanted === entry.uncompressedSize && crc32(bytes) !== entry.crc32)
      throw new RefusedInput('zip-corrupt', `${shown}: damaged in its zip: its checksum is another`);
    return bytes.subarray(0, done);
  });
}

import {
  BlobReader,
  configure,
  ERR_UNSAFE_FILENAME,
  ERR_UNSUPPORTED_COMPRESSION,
  type FileEntry,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core-native.js';
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

// A strict content security policy forbids the workers that it makes of text
configure({ useWebWorkers: false });

const STRICT = { checkSignature: true, checkOverlappingEntry: true } as const;

/**
 * The files in a zip, by its directory alone: nothing is unpacked before a file is read, and no more of the zip is in
 * memory than that file. Throws RefusedInput `zip-corrupt`, `zip-bomb`, `zip-path-escape`, `zip-encrypted`,
 * `file-too-large`, as in Node.
 */
export async function zipFiles(zip: Blob, shown: string, prefix: string): Promise<StudyFile[]> {
  const entries = await listEntries(zip, shown);
  refuseZip(shown, entries.map(factsOf));
  const taken = new Map<string, number>();
  return entries.map((entry) => {
    const path = `${prefix}${freeName(entry.filename, taken)}`;
    const read = (firstBytes?: number) => readEntry(entry, path, firstBytes);
    return Object.freeze({ path, size: entry.uncompressedSize, read });
  });
}

async function listEntries(zip: Blob, shown: string): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  try {
    for await (const entry of new ZipReader(new BlobReader(zip), STRICT).getEntriesGenerator()) {
      if (!entry.directory) entries.push(entry);
      refuseCount(shown, entries.length);
    }
  } catch (thrown) {
    throw explainZipError(thrown, `${shown} is not a sound zip`, shown);
  }
  return entries;
}

const factsOf = (entry: FileEntry): ZipEntryFacts => ({
  name: entry.filename,
  bytes: entry.uncompressedSize,
  packedBytes: entry.compressedSize,
  offset: entry.offset,
  isEncrypted: entry.encrypted,
});

function explainZipError(thrown: unknown, fault: string, shown: string, entry?: FileEntry): Error {
  if (thrown instanceof RefusedInput) return thrown;
  const reason = messageOf(thrown);
  if (entry !== undefined && reason === ERR_UNSUPPORTED_COMPRESSION)
    return zipMethodRefusal(shown, entry.compressionMethod, thrown);
  if (reason === ERR_UNSAFE_FILENAME)
    return new RefusedInput('zip-path-escape', `${shown}: a path leaves the zip (${reason})`, {
      cause: thrown,
    });
  return new RefusedInput('zip-corrupt', `${fault}: ${reason}`, { cause: thrown });
}

/** What ends unpacking once enough bytes are there. */
const ENOUGH = new Error('enough bytes');

async function readEntry(
  entry: FileEntry,
  shown: string,
  firstBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const wanted = Math.min(firstBytes, entry.uncompressedSize);
  const bytes = new Uint8Array(wanted);
  let done = 0;
  const sink = new WritableStream<Uint8Array>({
    write: (chunk) => {
      bytes.set(chunk.subarray(0, wanted - done), done);
      done += Math.min(chunk.length, wanted - done);
      if (done === wanted && wanted < entry.uncompressedSize) throw ENOUGH;
    },
  });
  try {
    await entry.getData(sink, STRICT);
  } catch (thrown) {
    if (done < wanted || wanted === entry.uncompressedSize)
      throw explainZipError(thrown, `${shown}: damaged in its zip`, shown, entry);
  }
  return bytes.subarray(0, done);
}

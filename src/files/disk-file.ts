import { open } from 'node:fs/promises';
import { type IchorError, refuseTooLarge, type StudyFile } from '../base/index.ts';

import { explainSystemError } from './system-errors.ts';

/** A file on the disk. `shown` is the path that texts name. */
export function diskFile(location: string, shown: string, size: number): StudyFile {
  return Object.freeze({
    path: shown,
    size,
    read: (firstBytes?: number, memory?: Uint8Array) => readDisk(location, shown, size, firstBytes, memory),
  });
}

/** Stands for something that was found and cannot be read: reading it gives the reason. */
export function unreadableFile(shown: string, size: number, reason: IchorError): StudyFile {
  return Object.freeze({ path: shown, size, read: () => Promise.reject(reason) });
}

const NO_MEMORY = new Uint8Array(0);

async function readDisk(
  location: string,
  shown: string,
  size: number,
  firstBytes = Number.POSITIVE_INFINITY,
  memory: Uint8Array = NO_MEMORY,
): Promise<Uint8Array> {
  const wanted = Math.min(firstBytes, size);
  refuseTooLarge(shown, wanted);
  try {
    const handle = await open(location, 'r');
    try {
      return await fill(handle, memory.length < wanted ? new Uint8Array(wanted) : memory.subarray(0, wanted));
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', shown);
  }
}

interface Readable {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/** Short where the file has shrunk since it was listed. */
async function fill(handle: Readable, bytes: Uint8Array): Promise<Uint8Array> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

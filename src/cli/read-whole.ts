import { readFile } from 'node:fs/promises';
import { explainSystemError } from '../files/index.ts';

/** A file's bytes; a file that cannot be read is one clear line. */
export async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw explainSystemError(error, 'read', file);
  }
}

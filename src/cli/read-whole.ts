import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { explainSystemError } from '../files/index.ts';
import { type Model, readModel } from '../network/index.ts';

/** A file's bytes; a file that cannot be read is one clear line. */
export async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    throw explainSystemError(error, 'read', file);
  }
}

/** A model file with the SHA-256 of its bytes. Throws as readWhole and readModel do. */
export async function readWholeModel(file: string): Promise<{ model: Model; sha256: string }> {
  const bytes = await readWhole(file);
  return { model: readModel(bytes, file), sha256: createHash('sha256').update(bytes).digest('hex') };
}

import { readFile } from 'node:fs/promises';
import { errnoOf } from '../base/index.ts';
import { explainSystemError } from './system-errors.ts';

/** A file's bytes. Throws UsageError `path-missing`, `no-permission`, ...: one clear line. */
export async function readWhole(file: string): Promise<Uint8Array> {
  const { buffer, byteOffset, byteLength } = await readFile(file).catch((thrown: unknown) => {
    throw explainSystemError(thrown, 'read', file);
  });
  // Not a Buffer, whose slice() is not a copy
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A file's text, UTF-8. Throws as readWhole does. */
export const readText = async (file: string): Promise<string> => decoded(await readWhole(file));

/** As readWhole; undefined where there is no such file. */
export async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readWhole(file);
  } catch (thrown) {
    if (thrown instanceof Error && errnoOf(thrown.cause) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** As readText; undefined where there is no such file. */
export async function readTextIfThere(file: string): Promise<string | undefined> {
  const bytes = await readIfThere(file);
  return bytes && decoded(bytes);
}

/** As it lies there, a byte order mark included: a text that is written back is the same. */
const decoded = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

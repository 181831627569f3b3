import { readFile } from 'node:fs/promises';

/** A file's bytes; undefined where there is no such file. */
export const readIfThere = (file: string): Promise<Buffer | undefined> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

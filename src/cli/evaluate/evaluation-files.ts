import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { OutputFile } from '../../evaluation/index.ts';
import { readTextIfThere, writeFilesWhole } from '../../files/index.ts';

/** What an evaluation wrote into its folder. */
const LIST = 'files.json';
/** Nothing else is ever taken away. */
const OWN = /^(tables|figures)\/[\w.-]+$/;

/** Writes an evaluation; tables and figures of an earlier one in the folder, which this one does not have, go. */
export async function writeEvaluation(folder: string, files: readonly OutputFile[]): Promise<void> {
  const before = listed(await readTextIfThere(path.join(folder, LIST)));
  const written = files.map((file) => file.path);
  const contents = Object.fromEntries(files.map((file) => [file.path, file.text]));
  await writeFilesWhole(folder, { ...contents, [LIST]: `${JSON.stringify(written, undefined, 1)}\n` });
  const stale = before.filter((file) => OWN.test(file) && !written.includes(file));
  for (const file of stale) await rm(path.join(folder, file), { force: true });
}

/** None where the list is not what was written: then nothing is known to be ours. */
function listed(text: string | undefined): string[] {
  try {
    return z
      .array(z.string())
      .catch([])
      .parse(JSON.parse(text ?? '[]'));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return [];
    throw thrown;
  }
}

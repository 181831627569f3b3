import path from 'node:path';
import { z } from 'zod';
import type { TaskName, Weights } from '../../network/index.ts';
import { readWeightsFile, writeWeights } from '../weights-file.ts';

const BEST_KEY = 'ichor.best';

/** `epoch` from 0, or FROZEN_STAGE; `loss` on the validation scans. */
export const bestSchema = z.strictObject({ epoch: z.number().int(), loss: z.number() });
export type Best = z.infer<typeof bestSchema>;

export const bestWeightsFile = (folder: string, task: TaskName): string =>
  path.join(folder, `${task}.best.weights`);

/** With what they reached in the file itself: the checkpoint beside it is of another moment. */
export const writeBestWeights = (file: string, weights: Weights, best: Best): Promise<void> =>
  writeWeights(file, weights, { [BEST_KEY]: JSON.stringify(best) });

/** `best` is absent in files of early versions. */
export async function readBestWeights(
  file: string,
): Promise<{ readonly weights: Weights; readonly best?: Best }> {
  const { weights, metadata } = await readWeightsFile(file);
  const text = metadata[BEST_KEY];
  return { weights, ...(text !== undefined && { best: bestSchema.parse(JSON.parse(text)) }) };
}

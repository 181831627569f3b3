import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { IchorError, RefusedInput } from '../../base/index.ts';
import type { Weights } from '../../network/index.ts';
import { readWeightsFile, writeWeights } from '../weights-file.ts';

const POSITION_KEY = 'ichor.checkpoint';

/** Where a training stands, in words and numbers, with its tensors in named parts: `weights`, `firstMoments`, ... */
interface CheckpointContent<Position> {
  readonly position: Position;
  readonly parts: Readonly<Record<string, Weights>>;
}

/** Everything in one file, written whole or not at all. */
export async function writeCheckpointFile(
  file: string,
  { position, parts }: CheckpointContent<unknown>,
): Promise<void> {
  const tensors = Object.entries(parts).flatMap(([part, own]) =>
    Object.entries(own).map(([name, tensor]) => [`${part}/${name}`, tensor] as const),
  );
  await writeWeights(file, Object.fromEntries(tensors), { [POSITION_KEY]: JSON.stringify(position) });
}

/** Undefined where there is none yet. Throws RefusedInput `checkpoint-unreadable`. */
export async function readCheckpointFile<Position>(
  file: string,
  schema: z.ZodType<Position>,
): Promise<CheckpointContent<Position> | undefined> {
  if (!existsSync(file)) return undefined;
  const { weights, metadata } = await readWeightsFile(file).catch((thrown: unknown) => {
    if (thrown instanceof IchorError && thrown.code === 'onnx-unreadable') throw unreadable(file, thrown);
    throw thrown;
  });
  const text = metadata[POSITION_KEY];
  const parsed = schema.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!parsed.success) throw unreadable(file, parsed.error);
  const parts: Record<string, Record<string, Weights[string]>> = {};
  for (const [name, tensor] of Object.entries(weights)) {
    const [part = '', ...own] = name.split('/');
    parts[part] ??= {};
    parts[part][own.join('/')] = tensor;
  }
  return { position: parsed.data, parts };
}

const unreadable = (file: string, cause: unknown): RefusedInput =>
  new RefusedInput(
    'checkpoint-unreadable',
    `${file} is no whole checkpoint of this version; delete it to start again`,
    {
      cause,
    },
  );

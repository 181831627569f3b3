import { existsSync } from 'node:fs';
import type { Tensor } from '../base/index.ts';
import { readWhole, writeFileWhole } from '../files/index.ts';
import { createGraph, parameter, readOnnx, toOnnx } from '../graph/index.ts';
import type { Weights } from '../network/index.ts';

/** Weights as an ONNX file that holds nothing else: the same container as the model's own. Written whole or not at all. */
export async function writeWeights(
  file: string,
  weights: Weights,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const outputs = Object.fromEntries(
    Object.entries(weights).map(([name, { shape }]) => [`kept/${name}`, parameter(name, shape)]),
  );
  await writeFileWhole(file, toOnnx(createGraph('weights', { outputs }), { weights, metadata }));
}

/** Those of the file where it is there, else what `make` gives, which the file then keeps. */
export async function keptWeights(file: string, make: () => Promise<Weights>): Promise<Weights> {
  if (existsSync(file)) return readWeights(file);
  const weights = await make();
  await writeWeights(file, weights);
  return weights;
}

export const readWeights = async (file: string): Promise<Weights> => (await readWeightsFile(file)).weights;

/** The weights with the texts that were written beside them. */
export async function readWeightsFile(file: string): Promise<WeightsWithTexts> {
  return weightsIn(await readWhole(file));
}

interface WeightsWithTexts {
  readonly weights: Weights;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Those of a file's bytes. */
export function weightsIn(bytes: Uint8Array): WeightsWithTexts {
  const onnx = readOnnx(bytes);
  const entries = onnx.initialiserNames.map((name) => [name, onnx.initialiser(name) as Tensor]);
  return { weights: Object.fromEntries(entries), metadata: onnx.metadata };
}

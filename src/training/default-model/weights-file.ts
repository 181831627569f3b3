import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Tensor } from '../../base/index.ts';
import { createGraph, parameter, readOnnx, toOnnx } from '../../graph/index.ts';
import type { Weights } from '../../network/index.ts';

/** Weights as an ONNX file that holds nothing else: the same container as the model's own. */
export async function writeWeights(file: string, weights: Weights): Promise<void> {
  const outputs = Object.fromEntries(
    Object.entries(weights).map(([name, { shape }]) => [`kept/${name}`, parameter(name, shape)]),
  );
  await writeFile(`${file}.partial`, toOnnx(createGraph('weights', { outputs }), { weights }));
  await rename(`${file}.partial`, file);
}

export async function readWeights(file: string): Promise<Weights> {
  const onnx = readOnnx(await readFile(file));
  return Object.fromEntries(onnx.initialiserNames.map((name) => [name, onnx.initialiser(name) as Tensor]));
}

/** A ruler for the benchmarks: what this machine computes at its best, and what the full-size network asks for. */
import type { Runtime } from '../../src/base/index.ts';
import { sharedTensor } from '../../src/base/index.ts';
import { createGraph, input, matMul, reduceMean, toOnnx } from '../../src/graph/index.ts';
import { hashNumbers } from '../../src/network/index.ts';
import { SPECS } from './full-size.ts';

/** Large enough that starting a product costs nothing beside it. */
const SIZE = 1536;
const TIMES = 3;

/** GFLOP/s of square products in float32 by the runtime's own kernel, on its threads. */
export async function matrixProducts(runtime: Runtime): Promise<() => Promise<number>> {
  const shape = [SIZE, SIZE];
  const product = reduceMean(matMul(input('left', shape), input('right', shape)), { axes: [0, 1] });
  const session = await runtime.load(toOnnx(createGraph('product', { outputs: { mean: product } })), {
    name: 'product',
  });
  const [left, right] = [sharedTensor('float32', shape), sharedTensor('float32', shape)];
  left.data.set(hashNumbers('left', SIZE * SIZE, 1));
  right.data.set(hashNumbers('right', SIZE * SIZE, 1));
  const gflop = (2 * SIZE ** 3 * TIMES) / 1e9;
  const round = async (): Promise<number> => {
    const started = performance.now();
    for (let i = 0; i < TIMES; i++) await session.run({ left, right });
    return (1000 * gflop) / (performance.now() - started);
  };
  await round();
  return round;
}

/** Of one slice of 256 x 256 through VGG16's convolutions, a multiplication and an addition being two. */
export const FORWARD_GFLOP = SPECS.reduce((sum, { name, shape }) => {
  const block = /\/conv(\d)_\d\/weights$/.exec(name)?.[1];
  if (block === undefined) return sum;
  const side = 256 / 2 ** (Number(block) - 1);
  return sum + (2 * shape.reduce((product, length) => product * length, 1) * side ** 2) / 1e9;
}, 0);

import type { Runtime, Session, Tensor } from '../../src/base/index.ts';
import { type AdamBuffers, stepAdamInPlace } from '../../src/graph/index.ts';
import {
  featuresGraph,
  GRADIENT,
  HEAD,
  headGraph,
  images,
  plainGraph,
  sharedWeights,
  TRUNK,
  trunkGraph,
} from './full-size.ts';
import type { Round } from './rival.ts';

type Tensors = Record<string, Tensor>;
const floatsOf = (tensor: Tensor | undefined): Float32Array => (tensor as Tensor).data as Float32Array;

/** Training steps of the full-size network (forward, backward, Adam) with all activations kept, or chunk by chunk. */
export interface Trainer {
  round(): Promise<Round>;
  close(): Promise<void>;
}

/** Weights and Adam's moments; a step overwrites them in place. */
function createOptimiser() {
  const weights = sharedWeights();
  const buffers = Object.fromEntries(
    Object.entries(weights).map(([name, tensor]): [string, AdamBuffers] => {
      const moment = () => new Float32Array(tensor.data.length);
      return [name, { parameter: floatsOf(tensor), firstMoment: moment(), secondMoment: moment() }];
    }),
  );
  let step = 0;
  const apply = (gradients: Readonly<Record<string, Float32Array>>): void => {
    step++;
    for (const [name, gradient] of Object.entries(gradients))
      stepAdamInPlace(buffers[name] as AdamBuffers, gradient, { rate: 1e-5, step });
  };
  return { weights, apply };
}

const timed =
  (step: () => Promise<number>): (() => Promise<Round>) =>
  async () => {
    const started = performance.now();
    const loss = await step();
    return { ms: performance.now() - started, loss };
  };

export async function plainTrainer(runtime: Runtime, slices: number): Promise<Trainer> {
  const session = await runtime.load(plainGraph(), { name: 'plain training' });
  const { weights, apply } = createOptimiser();
  const all = images(slices);
  const step = async (): Promise<number> => {
    const { loss, ...found } = await session.run({ images: all, ...weights });
    apply(withoutPrefix(found));
    return floatsOf(loss)[0] as number;
  };
  return { round: timed(step), close: () => session.close() };
}

const withoutPrefix = (found: Readonly<Tensors>): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(found).map(([name, tensor]) => [name.slice(GRADIENT.length), floatsOf(tensor)]),
  );

const pick = (weights: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(names.map((name) => [name, weights[name] as Tensor]));

/** Rows `start` to `end` of a tensor, without a copy. */
function rows(tensor: Tensor, start: number, end: number): Tensor {
  const width = tensor.data.length / (tensor.shape[0] as number);
  const data = floatsOf(tensor).subarray(start * width, end * width);
  return { element: 'float32', shape: [end - start, ...tensor.shape.slice(1)], data };
}

export async function checkpointTrainer(runtime: Runtime, slices: number, chunk: number): Promise<Trainer> {
  const load = (onnx: Uint8Array, name: string): Promise<Session> => runtime.load(onnx, { name });
  const forward = await load(featuresGraph(), 'features');
  const head = await load(headGraph(), 'recurrent part');
  const trunk = await load(trunkGraph(), 'CNN');
  const { weights, apply } = createOptimiser();
  const [trunkWeights, headWeights] = [pick(weights, TRUNK), pick(weights, HEAD)];
  const all = images(slices);
  const starts = Array.from({ length: Math.ceil(slices / chunk) }, (_, i) => i * chunk);
  const step = async (): Promise<number> => {
    const features = new Float32Array(slices * 256);
    for (const start of starts) {
      const part = await forward.run({ images: rows(all, start, start + chunk), ...trunkWeights });
      features.set(floatsOf(part.features), start * 256);
    }
    const shape = [slices, 256];
    const { loss, cotangent, ...found } = await head.run({
      features: { element: 'float32', shape, data: features },
      ...headWeights,
    });
    const sums: Record<string, Float32Array> = {};
    for (const start of starts) {
      const feeds = {
        images: rows(all, start, start + chunk),
        cotangent: rows(cotangent as Tensor, start, start + chunk),
      };
      addTo(sums, withoutPrefix(await trunk.run({ ...feeds, ...trunkWeights })));
    }
    apply({ ...sums, ...withoutPrefix(found) });
    return floatsOf(loss)[0] as number;
  };
  const close = async () => {
    for (const session of [forward, head, trunk]) await session.close();
  };
  return { round: timed(step), close };
}

function addTo(sums: Record<string, Float32Array>, found: Readonly<Record<string, Float32Array>>): void {
  for (const [name, values] of Object.entries(found)) {
    const sum = sums[name];
    if (sum === undefined) sums[name] = values;
    else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number);
  }
}

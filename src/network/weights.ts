import { createRandom, hash32, type Tensor } from '../base/index.ts';
import type { ParameterRole, ParameterSpec, Weights } from './parameters.ts';

/** Bound of the uniform draw as a multiple of 1 / sqrt(fanIn): He et al. 2015 before a ReLU, PyTorch's for GRUs. */
const GAIN: Readonly<Record<ParameterRole, number>> = {
  beforeRelu: Math.sqrt(6),
  linear: 1,
  recurrent: 1,
  recurrentBias: 1,
  bias: 0,
};

/** Fresh weights from a seed; each tensor has a stream of its own, so that plans can grow without shifting others. */
export function initialiseWeights(specs: readonly ParameterSpec[], seed: number): Weights {
  const random = createRandom(seed).fork('weights');
  const draw = (spec: ParameterSpec): Float32Array => {
    const bound = GAIN[spec.role] / Math.sqrt(spec.fanIn);
    const stream = random.fork(spec.name);
    return Float32Array.from({ length: sizeOf(spec) }, () =>
      bound === 0 ? 0 : stream.uniform(-bound, bound),
    );
  };
  return tensorsOf(specs, draw);
}

/** Bound of the hash weights as a multiple of 1 / sqrt(fanIn), and their mean as a multiple of 1 / fanIn. */
const HASH_DRAW: Readonly<Record<ParameterRole, { readonly bound: number; readonly mean: number }>> = {
  // Around zero, float32 itself misses float64's gradients by up to 4e-3 in any framework: roundings switch ReLUs
  beforeRelu: { bound: Math.sqrt(0.92), mean: 0.98 },
  linear: { bound: Math.sqrt(3), mean: 0 },
  recurrent: { bound: Math.sqrt(3), mean: 0 },
  recurrentBias: { bound: 1, mean: 0 },
  bias: { bound: 0.1, mean: 0 },
};

/**
 * Weights from one integer hash, the same in every language (see golden/hash_weights.py), no bias of them zero: element i
 * of a tensor is mean + bound * (2 * hash32(i * 0x9e3779b1 + hash of the name) / 2^32 - 1).
 */
export function hashWeights(specs: readonly ParameterSpec[]): Weights {
  return tensorsOf(specs, (spec) => {
    const fanIn = spec.role === 'bias' ? 1 : spec.fanIn;
    const { bound, mean } = HASH_DRAW[spec.role];
    return hashNumbers(spec.name, sizeOf(spec), bound / Math.sqrt(fanIn), mean / fanIn);
  });
}

/** Uniform in [mean - bound, mean + bound), from a name. */
export function hashNumbers(name: string, count: number, bound: number, mean = 0): Float32Array {
  const start = hashName(name);
  return Float32Array.from({ length: count }, (_, i) => bound * (hashBits(start, i) / 2147483648 - 1) + mean);
}

/** 32 bits from a stream's start and a place in it. */
export const hashBits = (start: number, place: number): number =>
  hash32((Math.imul(place, 0x9e3779b1) + start) | 0);

/** FNV-1a over the UTF-16 units, then mixed. */
export function hashName(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return hash32(h);
}

const sizeOf = (spec: ParameterSpec): number => spec.shape.reduce((a, b) => a * b, 1);

function tensorsOf(specs: readonly ParameterSpec[], fill: (spec: ParameterSpec) => Float32Array): Weights {
  const entries = specs.map((spec): [string, Tensor] => [
    spec.name,
    { element: 'float32', shape: spec.shape, data: fill(spec) },
  ]);
  return Object.freeze(Object.fromEntries(entries));
}

/** The paper's full-size two-type network for the benchmarks, as the rival has it: same weights, images and targets. */
import type { DeviceName, Tensor } from '../../src/base/index.ts';
import { sharedTensor } from '../../src/base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  createGraph,
  expandLike,
  floats,
  gradients,
  input,
  toOnnx,
  type Value,
} from '../../src/graph/index.ts';
import {
  buildRecurrent,
  buildTrunk,
  createParameterBook,
  hashNumbers,
  hashWeights,
  PAPER_SETTINGS,
} from '../../src/network/index.ts';

const book = createParameterBook(PAPER_SETTINGS, ['twoType']);
export const SPECS = book.specs;
const isTrunk = (name: string): boolean => /\/(cnn|dense)\//.test(name);
export const TRUNK = SPECS.map((spec) => spec.name).filter(isTrunk);
export const HEAD = SPECS.map((spec) => spec.name).filter((name) => !isTrunk(name));

const imagesInput = input('images', ['slices', 3, 256, 256]);
const parametersNamed = (names: readonly string[]): Value[] => names.map((name) => book.of(name));
/** Outputs that are gradients carry this before the parameter's name. */
export const GRADIENT = 'gradient of ';
const gradientOutputs = (names: readonly string[], values: readonly Value[]) =>
  Object.fromEntries(names.map((name, i) => [GRADIENT + name, values[i] as Value]));

function lossOf(features: Value): Value {
  const { subjectLogits, sliceLogits } = buildRecurrent(features, book, 'twoType');
  const target = floats([0, 1]);
  const subject = binaryCrossEntropyWithLogits(subjectLogits, target);
  return add(
    subject,
    binaryCrossEntropyWithLogits(sliceLogits as Value, expandLike(target, sliceLogits as Value)),
  );
}

const CPU = { device: 'cpu' } as const;

/** Weights stored in the file, as in an exported model. */
export function forwardGraph(weights: Readonly<Record<string, Tensor>>, device?: DeviceName): Uint8Array {
  const loss = lossOf(buildTrunk(imagesInput, book, 'twoType').features);
  return toOnnx(createGraph('forward', { outputs: { loss } }), { weights, device });
}

/** Images -> loss and the gradient of every parameter, all activations kept. */
export function plainGraph(): Uint8Array {
  const loss = lossOf(buildTrunk(imagesInput, book, 'twoType').features);
  const names = [...TRUNK, ...HEAD];
  const found = gradients(loss, parametersNamed(names));
  return toOnnx(createGraph('plain', { outputs: { loss, ...gradientOutputs(names, found) } }), CPU);
}

/** Images of one chunk -> features. */
export function featuresGraph(): Uint8Array {
  const { features } = buildTrunk(imagesInput, book, 'twoType');
  return toOnnx(createGraph('features', { outputs: { features } }), CPU);
}

/** Features of all slices -> loss, its gradient by the features and by the recurrent part's parameters. */
export function headGraph(): Uint8Array {
  const features = input('features', ['slices', PAPER_SETTINGS.features]);
  const loss = lossOf(features);
  const [cotangent, ...found] = gradients(loss, [features, ...parametersNamed(HEAD)]);
  const outputs = { loss, cotangent: cotangent as Value, ...gradientOutputs(HEAD, found) };
  return toOnnx(createGraph('head', { outputs }));
}

/** Images of one chunk and the gradient by its features -> the gradients of the CNN's parameters, computed anew. */
export function trunkGraph(): Uint8Array {
  const { features } = buildTrunk(imagesInput, book, 'twoType');
  const cotangent = input('cotangent', features.shape);
  const found = gradients([{ value: features, cotangent }], parametersNamed(TRUNK));
  return toOnnx(createGraph('trunk', { outputs: gradientOutputs(TRUNK, found) }), CPU);
}

/** The weights on shared memory: training feeds and overwrites them in place. */
export function sharedWeights(): Record<string, Tensor> {
  const weights = hashWeights(SPECS);
  return Object.fromEntries(
    SPECS.map(({ name, shape }) => {
      const shared = sharedTensor('float32', shape);
      shared.data.set(weights[name]?.data as Float32Array);
      return [name, shared];
    }),
  );
}

export function images(slices: number): Tensor {
  const shape = [slices, 3, 256, 256];
  const shared = sharedTensor('float32', shape);
  shared.data.set(hashNumbers('images', shared.data.length, 0.5).map((value) => value + 0.5));
  return shared;
}

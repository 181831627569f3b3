import { at, RefusedInput, type Tensor } from '../base/index.ts';
import type { ParameterSpec, TaskName, Weights } from '../network/index.ts';
import type { IMAGENET_PLANS, ImageNetLayer, ImageNetPlan } from './imagenet-plans.ts';

export type ImageNetName = keyof typeof IMAGENET_PLANS;

type Tensors = ReadonlyMap<string, Tensor>;

interface Convolution {
  readonly weights: Tensor;
  readonly bias: Float32Array;
}

/**
 * The convolutions of torchvision's network as starting weights, by our names: batch normalisation folded in, and the
 * first convolution taking images of 0 to 1, its three inputs the three windows in the place of red, green and blue.
 * A smaller kernel is put into the middle of a larger one. Throws RefusedInput `weights-mismatch` naming every tensor
 * that is missing or has another shape.
 */
export function imageNetStart(
  plan: ImageNetPlan,
  tensors: Tensors,
  specs: readonly ParameterSpec[],
  task: TaskName,
  where: string,
): Weights {
  const faults: string[] = [];
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  const entries = plan.layers.flatMap((layer, i): [string, Tensor][] => {
    const shape = shapes.get(`${task}/${layer.ours}/weights`) ?? [];
    const read = readConvolution(layer, tensors, shape, plan.epsilon, faults);
    if (read === undefined) return [];
    const { weights, bias } = i === 0 ? withoutNormalisedInput(read, plan) : read;
    return [
      [`${task}/${layer.ours}/weights`, inMiddle(weights, shape)],
      [`${task}/${layer.ours}/bias`, { element: 'float32', shape: [bias.length], data: bias }],
    ];
  });
  if (faults.length === 0) return Object.fromEntries(entries);
  const told = faults.length > 5 ? [...faults.slice(0, 5), `${faults.length - 5} more`] : faults;
  throw new RefusedInput(
    'weights-mismatch',
    `${where} does not hold torchvision's ${plan.name}: ${told.join('; ')}`,
  );
}

function readConvolution(
  { theirs, normalised }: ImageNetLayer,
  tensors: Tensors,
  ours: readonly number[],
  epsilon: number,
  faults: string[],
): Convolution | undefined {
  const [outputs = 0, inputs = 0, side = 0] = ours;
  const conv = normalised ? `${theirs}.conv` : theirs;
  const found = tensors.get(`${conv}.weight`);
  const kernel = found?.shape[2] ?? 0;
  const fits = found?.shape.join() === [outputs, inputs, kernel, kernel].join() && kernel <= side;
  if (!fits) {
    const got = found === undefined ? 'nothing' : `[${found.shape.join(', ')}]`;
    faults.push(`${conv}.weight: got ${got}, expected [${ours.join(', ')}]`);
  }
  const vector = (name: string): Float32Array | undefined => {
    const tensor = tensors.get(name);
    if (tensor?.shape.join() === String(outputs)) return tensor.data as Float32Array;
    faults.push(`${name}: got ${tensor ? `[${tensor.shape.join(', ')}]` : 'nothing'}, expected [${outputs}]`);
    return undefined;
  };
  if (!normalised) {
    const bias = vector(`${theirs}.bias`);
    return fits && bias ? { weights: found as Tensor, bias } : undefined;
  }
  const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    vector(`${theirs}.bn.${part}`),
  );
  if (!(fits && scale && shift && mean && variance)) return undefined;
  const gain = scale.map((s, o) => s / Math.sqrt(at(variance, o) + epsilon));
  const bias = shift.map((b, o) => b - at(gain, o) * at(mean, o));
  return { weights: scaled(found as Tensor, (o) => at(gain, o)), bias };
}

/** (x - mean) / deviation moved into weights and bias: the same everywhere but at the border, which is padded with 0. */
function withoutNormalisedInput(
  { weights, bias }: Convolution,
  { mean, deviation }: ImageNetPlan,
): Convolution {
  const [, inputs = 1, kernel = 1] = weights.shape;
  const places = kernel * kernel;
  const fresh = scaled(weights, (_, input) => 1 / at(deviation, input));
  const own = fresh.data as Float32Array;
  const shifted = bias.map((b, output) => {
    let sum = b;
    for (let input = 0; input < inputs; input++)
      for (let place = 0; place < places; place++)
        sum -= at(own, (output * inputs + input) * places + place) * at(mean, input);
    return sum;
  });
  return { weights: fresh, bias: shifted };
}

function scaled(weights: Tensor, factor: (output: number, input: number) => number): Tensor {
  const [, inputs = 1, kernel = 1] = weights.shape;
  const places = kernel * kernel;
  const data = (weights.data as Float32Array).map((w, i) => {
    const row = Math.floor(i / places);
    return w * factor(Math.floor(row / inputs), row % inputs);
  });
  return { element: 'float32', shape: weights.shape, data };
}

/** torchvision's GoogLeNet has 3 x 3 kernels where the paper's has 5 x 5: with zeros around them they do the same. */
function inMiddle(weights: Tensor, shape: readonly number[]): Tensor {
  const [outputs = 0, inputs = 0, side = 0] = shape;
  const kernel = at(weights.shape, 2);
  if (kernel === side) return weights;
  const data = new Float32Array(outputs * inputs * side * side);
  const off = (side - kernel) / 2;
  for (const [i, w] of (weights.data as Float32Array).entries()) {
    const [plane, place] = [Math.floor(i / kernel ** 2), i % kernel ** 2];
    const [row, column] = [Math.floor(place / kernel) + off, (place % kernel) + off];
    data[plane * side * side + row * side + column] = w;
  }
  return { element: 'float32', shape, data };
}

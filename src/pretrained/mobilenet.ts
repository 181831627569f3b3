import { z } from 'zod';
import { IchorError, joinBytes, type Tensor } from '../base/index.ts';
import {
  CNN_PLANS,
  type ConvolutionRow,
  convolutionsOf,
  type Weights,
  weightShape,
} from '../network/index.ts';

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.literal('float32') }),
      ),
    }),
  ),
});

/** TensorFlow's names of what batch normalisation adds. */
const NORMALISATION_NAMES = {
  scale: 'gamma',
  shift: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
} as const;

/**
 * MobileNetV1's ImageNet weights from TensorFlow.js' layers format, up to conv_pw_11, batch normalisation still apart:
 * `conv1/weights`, `/scale`, `/shift`, `/mean`, `/variance` and so on. `modelJson` is the parsed model.json, `shard`
 * gives a file's bytes by its path there; a group's files, one after another, hold its weights one after another.
 * Throws `weights-mismatch` naming what is missing or has another shape.
 */
export async function importMobileNet(
  modelJson: unknown,
  shard: (path: string) => Promise<Uint8Array>,
): Promise<Weights> {
  const { weightsManifest } = manifestSchema.parse(modelJson);
  const rows = convolutionsOf(CNN_PLANS['mobilenet-v1']);
  const wanted = new Set(rows.flatMap(namesOf));
  const found = new Map<string, Tensor>();
  for (const group of weightsManifest) {
    if (!group.weights.some((w) => wanted.has(w.name))) continue;
    const parts = await Promise.all(group.paths.map(shard));
    let start = 0;
    const bytes = new Uint8Array(joinBytes(parts));
    for (const { name, shape } of group.weights) {
      const count = shape.reduce((a, b) => a * b, 1);
      found.set(name, { element: 'float32', shape, data: new Float32Array(bytes.buffer, start, count) });
      start += count * 4;
    }
  }
  return Object.freeze(Object.fromEntries(rows.flatMap((row) => importRow(row, found))));
}

const kernelName = (row: ConvolutionRow): string =>
  `${row.name}/${row.depthwise ? 'depthwise_kernel' : 'kernel'}`;

const namesOf = (row: ConvolutionRow): string[] => [
  kernelName(row),
  ...Object.values(NORMALISATION_NAMES).map((part) => `${row.name}_bn/${part}`),
];

function importRow(row: ConvolutionRow, found: ReadonlyMap<string, Tensor>): [string, Tensor][] {
  const kernel = expect(found, kernelName(row), [
    row.kernel,
    row.kernel,
    row.inChannels,
    row.depthwise ? 1 : row.outChannels,
  ]);
  const parts = Object.entries(NORMALISATION_NAMES).map(([part, theirs]): [string, Tensor] => [
    `${row.name}/${part}`,
    expect(found, `${row.name}_bn/${theirs}`, [row.outChannels]),
  ]);
  const weights: Tensor = { element: 'float32', shape: weightShape(row), data: outputsFirst(kernel, row) };
  return [[`${row.name}/weights`, weights], ...parts];
}

function expect(found: ReadonlyMap<string, Tensor>, name: string, shape: readonly number[]): Tensor {
  const tensor = found.get(name);
  if (tensor !== undefined && tensor.shape.join() === shape.join()) return tensor;
  const got = tensor === undefined ? 'nothing' : `[${tensor.shape.join(', ')}]`;
  throw new IchorError(
    'weights-mismatch',
    `MobileNet weights ${name}: got ${got}, expected [${shape.join(', ')}]`,
  );
}

/** TensorFlow's [row, column, in, out] ([row, column, channel, 1] depthwise) to [out, in, row, column]. */
function outputsFirst(
  { data }: Tensor,
  { kernel, inChannels, outChannels, depthwise }: ConvolutionRow,
): Float32Array {
  const [ins, outs] = depthwise ? [1, inChannels] : [inChannels, outChannels];
  const places = kernel * kernel;
  const result = new Float32Array(places * ins * outs);
  for (let place = 0; place < places; place++)
    for (let i = 0; i < ins; i++)
      for (let o = 0; o < outs; o++)
        result[(o * ins + i) * places + place] = data[(place * ins + i) * outs + o] as number;
  return result;
}

import proto from 'onnx-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type Runtime, type Tensor } from '../src/base/index.ts';
import {
  type ConvolutionOptions,
  conv2d,
  createGraph,
  input,
  parameter,
  toOnnx,
  winogradConvolutions,
} from '../src/graph/index.ts';
import { CNN_PLANS } from '../src/network/index.ts';
import { withFastWideConvolutions } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';

const random = createRandom(6);
const tensor = (shape: readonly number[]): Tensor => ({
  element: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
});

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu' });
});
afterAll(() => runtime.close());

interface Layer {
  readonly weights: readonly number[];
  readonly options: ConvolutionOptions;
  readonly bias?: boolean;
}

/** x [slices, channels, rows, columns] -> y, one convolution. */
function oneConvolution({ weights, options, bias = true }: Layer, space: readonly number[]): Uint8Array {
  const stored = { weights: tensor(weights), bias: tensor(weights.slice(0, 1)) };
  const channels = (weights[1] as number) * (options.groups ?? 1);
  const y = conv2d(
    input('x', ['slices', channels, ...space]),
    parameter('weights', weights),
    bias ? parameter('bias', weights.slice(0, 1)) : undefined,
    options,
  );
  return toOnnx(createGraph('one', { outputs: { y } }), { weights: stored });
}

async function run(onnx: Uint8Array, x: Tensor): Promise<Tensor> {
  const session = await runtime.load(onnx, { name: 'one' });
  const { y } = await session.run({ x });
  await session.close();
  return y as Tensor;
}

const operators = (onnx: Uint8Array): string[] =>
  (proto.onnx.ModelProto.decode(onnx).graph?.node ?? []).map(({ opType }) => opType ?? '');

test.each([
  { layer: { weights: [5, 3, 3, 3], options: { padding: 1 } }, space: [8, 12], slices: 3 },
  { layer: { weights: [7, 16, 3, 3], options: { padding: 1 }, bias: false }, space: [16, 4], slices: 1 },
  { layer: { weights: [64, 256, 3, 3], options: { padding: 1 } }, space: [16, 16], slices: 2 },
])('Winograd gives the direct convolution: $layer.weights, $space', async ({ layer, space, slices }) => {
  const bytes = oneConvolution(layer, space);
  const x = tensor([slices, layer.weights[1] as number, ...space]);
  const fast = winogradConvolutions(bytes, () => true);
  expect(operators(fast)).toContain('DepthToSpace');
  const [expected, found] = [await run(bytes, x), await run(fast, x)];
  expect(found.shape).toEqual(expected.shape);
  const scale = Math.sqrt(9 * (layer.weights[1] as number));
  const [a, b] = [found.data as Float32Array, expected.data as Float32Array];
  expect(a.map((value) => value / scale)).toBeAllClose(
    b.map((value) => value / scale),
    { absolute: 1e-5 },
  );
});

test.each([
  ['not wanted', { weights: [4, 4, 3, 3], options: { padding: 1 } }, false],
  ['of 1 x 1', { weights: [4, 4, 1, 1], options: {} }, true],
  ['of stride 2', { weights: [4, 4, 3, 3], options: { padding: 1, stride: 2 } }, true],
  ['without padding', { weights: [4, 4, 3, 3], options: {} }, true],
  ['of groups', { weights: [4, 1, 3, 3], options: { padding: 1, groups: 4 } }, true],
] as const)('a convolution %s stays as it is', (_, layer, isWanted) => {
  const bytes = oneConvolution(layer, [8, 8]);
  expect(operators(winogradConvolutions(bytes, () => isWanted))).toEqual(operators(bytes));
});

test('every CNN has 3 x 3 convolutions on multiples of 4 only: tiles are whole', () => {
  for (const { rows } of Object.values(CNN_PLANS)) {
    let side = 256;
    for (const row of rows) {
      if (row.kind === 'convolution' && row.kernel === 3) expect(side % 4).toBe(0);
      side /= row.kind === 'convolution' ? row.stride : 2;
    }
  }
});

test('a CNN without wide convolutions stays byte for byte', () => {
  const bytes = oneConvolution({ weights: [4, 4, 3, 3], options: { padding: 1 } }, [8, 8]);
  expect(withFastWideConvolutions(bytes, 'mobilenet-v1')).toBe(bytes);
});

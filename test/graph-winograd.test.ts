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

/** x [slices, channels, rows, columns] -> y, one convolution: for any device, and for a CPU. */
function oneConvolution({ weights, options, bias = true }: Layer, space: readonly number[]) {
  const stored = { weights: tensor(weights), bias: tensor(weights.slice(0, 1)) };
  const channels = (weights[1] as number) * (options.groups ?? 1);
  const y = conv2d(
    input('x', ['slices', channels, ...space]),
    parameter('weights', weights),
    bias ? parameter('bias', weights.slice(0, 1)) : undefined,
    options,
  );
  const graph = createGraph('one', { outputs: { y } });
  const any = toOnnx(graph, { weights: stored });
  return { any, cpu: toOnnx(graph, { weights: stored, device: 'cpu' }) };
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
  { layer: { weights: [256, 256, 3, 3], options: { padding: 1 } }, space: [8, 12], slices: 3 },
  { layer: { weights: [260, 300, 3, 3], options: { padding: 1 }, bias: false }, space: [16, 4], slices: 1 },
])(
  'a wide convolution for a CPU gives the direct one: $layer.weights, $space',
  async ({ layer, space, slices }) => {
    const { any, cpu } = oneConvolution(layer, space);
    const inChannels = layer.weights[1] as number;
    const x = tensor([slices, inChannels, ...space]);
    expect(operators(cpu)).toContain('DepthToSpace');
    const [expected, found] = [await run(any, x), await run(cpu, x)];
    expect(found.shape).toEqual(expected.shape);
    // Of normal numbers: the result's own standard deviation
    const deviation = Math.sqrt(9 * inChannels);
    const scaled = (y: Tensor) => (y.data as Float32Array).map((value) => value / deviation);
    expect(scaled(found)).toBeAllClose(scaled(expected), { absolute: 2e-5 });
  },
);

test('a file for any device, read again and written for a CPU, is as if written for it', async () => {
  const layer = { weights: [256, 256, 3, 3], options: { padding: 1 } };
  const { any, cpu } = oneConvolution(layer, [8, 8]);
  const rewritten = winogradConvolutions(any, (name) => name === 'weights');
  expect(operators(rewritten)).toEqual(operators(cpu));
  const x = tensor([2, 256, 8, 8]);
  expect((await run(rewritten, x)).data).toEqual((await run(cpu, x)).data);
  expect(operators(winogradConvolutions(any, () => false))).toEqual(['Conv']);
});

test.each([
  ['narrow', { weights: [255, 256, 3, 3], options: { padding: 1 } }, [8, 8]],
  ['of 1 x 1', { weights: [256, 256, 1, 1], options: {} }, [8, 8]],
  ['of stride 2', { weights: [256, 256, 3, 3], options: { padding: 1, stride: 2 } }, [8, 8]],
  ['without padding', { weights: [256, 256, 3, 3], options: {} }, [8, 8]],
  ['of groups', { weights: [512, 256, 3, 3], options: { padding: 1, groups: 2 } }, [8, 8]],
  ['with half a tile', { weights: [256, 256, 3, 3], options: { padding: 1 } }, [8, 10]],
] as const)('a convolution %s stays direct', (_, layer, space) => {
  expect(operators(oneConvolution(layer, space).cpu)).toEqual(['Conv']);
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

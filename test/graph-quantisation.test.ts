import proto from 'onnx-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type Runtime, type Tensor } from '../src/base/index.ts';
import {
  activationNames,
  clip,
  conv2d,
  createGraph,
  input,
  maxPool2d,
  parameter,
  quantiseConvolutions,
  rangeOutputs,
  rangeProbe,
  reduceSum,
  relu,
  toOnnx,
} from '../src/graph/index.ts';
import { createRuntime } from '../src/runtime/index.ts';

const random = createRandom(4);
const tensor = (shape: number[], scale: number): Tensor => ({
  element: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => scale * random.normal()),
});
const weights = {
  'cnn/one/weights': tensor([8, 3, 3, 3], 0.3),
  'cnn/one/bias': tensor([8], 0.1),
  'cnn/each/weights': tensor([8, 1, 3, 3], 0.4),
  'cnn/each/bias': tensor([8], 0.1),
  'cnn/two/weights': tensor([4, 8, 1, 1], 0.5),
  'cnn/two/bias': tensor([4], 0.1),
};
const of = (name: keyof typeof weights) => parameter(name, weights[name].shape);
const x = input('x', [2, 3, 16, 16]);
const first = relu(conv2d(x, of('cnn/one/weights'), of('cnn/one/bias'), { padding: 1 }));
const each = clip(
  conv2d(maxPool2d(first, { kernel: 2 }), of('cnn/each/weights'), of('cnn/each/bias'), {
    padding: 1,
    groups: 8,
  }),
  0,
  6,
);
const maps = relu(conv2d(each, of('cnn/two/weights'), of('cnn/two/bias'), {}));
const bytes = toOnnx(
  createGraph('small', { outputs: { total: reduceSum(maps, { axes: [1, 2, 3] }) }, cuts: { maps, first } }),
  { weights },
);
const isWanted = (name: string) => name.startsWith('cnn/');

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu' });
});
afterAll(() => runtime.close());

async function run(onnx: Uint8Array, outputs: readonly string[]) {
  const model = proto.onnx.ModelProto.decode(onnx);
  const session = await runtime.load(onnx, { name: model.graph?.name ?? 'small' });
  const found = await session.run({ x: images });
  await session.close();
  return outputs.map((name) => found[name]?.data as Float32Array);
}
const images = tensor([2, 3, 16, 16], 1);

async function quantised(): Promise<Uint8Array> {
  const names = activationNames(bytes, isWanted);
  expect(names).toHaveLength(5);
  const outputs = names.flatMap((name) => Object.values(rangeOutputs(name)));
  const found = (await run(rangeProbe(bytes, names), outputs)).map((data) => data[0] as number);
  const ranges = names.map(
    (name, i) => [name, { low: found[2 * i] as number, high: found[2 * i + 1] as number }] as const,
  );
  return quantiseConvolutions(bytes, isWanted, new Map(ranges));
}

test('quantised convolutions give the float ones, within their steps', async () => {
  const [before] = await run(bytes, ['total']);
  const [after] = await run(await quantised(), ['total']);
  for (const [i, total] of (before ?? []).entries())
    expect(Math.abs((after?.[i] as number) - total) / total).toBeLessThan(0.02);
});

const filled = (shape: number[], value: number): Tensor => ({
  element: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
});

/** One convolution of x [1, 32, 16, 16] whose weights and whose biases are alike, and the sum of what it gives. */
function oneConvolution(weight: number, bias: number): Uint8Array {
  const full = { 'cnn/full/weights': filled([4, 32, 3, 3], weight), 'cnn/full/bias': filled([4], bias) };
  const parameters = Object.entries(full).map(([name, { shape }]) => parameter(name, shape));
  const [kernel, biases] = parameters as [ReturnType<typeof parameter>, ReturnType<typeof parameter>];
  const summed = relu(conv2d(input('x', [1, 32, 16, 16]), kernel, biases, {}));
  return toOnnx(createGraph('full', { outputs: { total: reduceSum(summed) } }), { weights: full });
}

/** In 8 bits, with the highest values of what it reads and gives. */
function inBytes(onnx: Uint8Array, highest: readonly [number, number]): Uint8Array {
  const names = activationNames(onnx, isWanted);
  return quantiseConvolutions(
    onnx,
    isWanted,
    new Map(names.map((name, i) => [name, { low: 0, high: highest[i] as number }])),
  );
}

async function totalOf(onnx: Uint8Array, x: number): Promise<number> {
  const session = await runtime.load(onnx, { name: 'full' });
  const { total } = await session.run({ x: filled([1, 32, 16, 16], x) });
  await session.close();
  return Number(total?.data[0]);
}
const PLACES = 4 * 14 * 14;

test('the largest activations by the largest weights do not overflow, whatever the CPU adds them in', async () => {
  const quantised = inBytes(oneConvolution(1, 0), [1, 288]);
  // Said of every CPU: where there is VNNI, larger weights would not overflow
  const stored = proto.onnx.ModelProto.decode(quantised).graph?.initializer ?? [];
  const kernels = stored.filter(({ name }) => name?.endsWith('/weights/bytes'));
  expect(kernels).toHaveLength(1);
  expect(new Set(new Int8Array(kernels[0]?.rawData ?? []))).toEqual(new Set([64]));
  expect(await totalOf(quantised, 1)).toBeCloseTo(PLACES * 288, 0);
});

test.each([1e-7, 1e-30, 0])('weights of %f beside a bias of 5: the sum is the bias', async (weight) => {
  expect((await totalOf(inBytes(oneConvolution(weight, 5), [1, 5]), 1)) / PLACES).toBeCloseTo(5, 3);
});

test('a value that was 0 wherever it was measured has a scale, and the numbers stay numbers', async () => {
  const [dead, alive] = [inBytes(oneConvolution(1, -1), [0, 0]), inBytes(oneConvolution(1, 2), [0, 2])];
  const stored = proto.onnx.ModelProto.decode(dead).graph?.initializer ?? [];
  const scales = stored.filter(({ name }) => name?.endsWith('/scale'));
  expect(scales).toHaveLength(2);
  for (const { rawData } of scales) expect(Buffer.from(rawData ?? []).readFloatLE()).toBeGreaterThan(0);
  expect(await totalOf(dead, 0)).toBe(0);
  expect((await totalOf(alive, 0)) / PLACES).toBeCloseTo(2, 3);
});

test('all three compute in bytes, the pooling too; the named cuts stay floats', async () => {
  const { graph } = proto.onnx.ModelProto.decode(await quantised());
  const kinds = (graph?.node ?? []).map(({ opType }) => opType);
  expect(kinds.filter((kind) => kind === 'QLinearConv')).toHaveLength(3);
  expect(kinds).not.toContain('Conv');
  expect(kinds.filter((kind) => kind === 'QuantizeLinear')).toHaveLength(1);
  const pooling = graph?.node?.find(({ opType }) => opType === 'MaxPool');
  expect(pooling?.input?.[0]).toMatch(/\/bytes$/);
  const restored = (graph?.node ?? []).filter(({ opType }) => opType === 'DequantizeLinear');
  expect(restored.map(({ output }) => output?.[0]).sort()).toEqual(['first', 'maps']);
});

test('a range that was not measured is named', () => {
  expect(() => quantiseConvolutions(bytes, isWanted, new Map())).toThrow(/the range of x was not measured/);
});

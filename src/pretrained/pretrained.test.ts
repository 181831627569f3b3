import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Runtime, Tensor } from '../base/index.ts';
import { conv2d, createGraph, input, parameter, relu, toOnnx, type Value } from '../graph/index.ts';
import { hashNumbers, type ParameterSpec, RIVALS, type Weights } from '../network/index.ts';
import { createRuntime } from '../runtime/index.ts';
import { imageNetStart } from './imagenet.ts';
import { IMAGENET_PLANS, type ImageNetLayer } from './imagenet-plans.ts';
import { readTensors } from './read-tensors.ts';

const goldenOf = async (name: string) =>
  JSON.parse(await readFile(new URL(`./golden/${name}.json`, import.meta.url), 'utf8'));

interface TorchFiles {
  readonly zip: string;
  readonly pickles: string;
  readonly wrapped: string;
  readonly hostile: string;
  readonly tensors: Readonly<Record<string, { shape: number[]; data: number[] }>>;
}
const torchFiles: TorchFiles = await goldenOf('torch-files');
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'nothing thrown';
  } catch (thrown) {
    return `${(thrown as { code?: string }).code}: ${(thrown as Error).message}`;
  }
};

describe('files of PyTorch', () => {
  test.each(['zip', 'pickles', 'wrapped'] as const)('%s: every tensor as PyTorch has it', (form) => {
    const found = readTensors(bytesOf(torchFiles[form]), 'tiny.pth');
    expect([...found.keys()]).toEqual(Object.keys(torchFiles.tensors));
    for (const [name, { shape, data }] of Object.entries(torchFiles.tensors)) {
      expect(found.get(name)?.shape, name).toEqual(shape);
      expect(Array.from(found.get(name)?.data as Float32Array), name).toEqual([...Float32Array.from(data)]);
    }
  });

  test('a pickle that calls something is refused by its name, and nothing runs', () => {
    const refusal = codeOf(() => readTensors(bytesOf(torchFiles.hostile), 'hostile.pth'));
    expect(refusal).toMatch(/^weights-file-unreadable: hostile\.pth: it calls (posix|os)\.system/);
  });

  test.each(['zip', 'pickles'] as const)('%s cut anywhere is refused, never half read', (form) => {
    const whole = bytesOf(torchFiles[form]);
    for (let share = 0.05; share < 1; share += 0.05) {
      const cut = whole.subarray(0, Math.floor(share * whole.length));
      expect(codeOf(() => readTensors(cut, 'cut.pth'))).toMatch(/^(weights-file|onnx)-unreadable/);
    }
  });
});

describe('safetensors', () => {
  const file = (header: unknown, data: number[]): Uint8Array => {
    const text = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + text.length + 4 * data.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    bytes.set(new Uint8Array(Float32Array.from(data).buffer), 8 + text.length);
    return bytes;
  };
  const header = {
    __metadata__: { from: 'a test' },
    w: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
  };

  test('gives its tensors', () => {
    const found = readTensors(file(header, [1, 2, 3, 4]), 'a.safetensors');
    expect([...found.keys()]).toEqual(['w']);
    expect(found.get('w')).toEqual({ element: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  });

  test('that promises more than it holds is refused', () => {
    expect(codeOf(() => readTensors(file(header, [1, 2, 3]), 'a.safetensors'))).toMatch(
      /does not lie within/,
    );
    const strange = { w: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 4] } };
    expect(codeOf(() => readTensors(file(strange, [1]), 'a.safetensors'))).toMatch(/w is stored as F8_E4M3/);
  });
});

test('ONNX: its initialisers', () => {
  const w = parameter('w', [2]);
  const weights: Weights = { w: { element: 'float32', shape: [2], data: Float32Array.of(5, 6) } };
  const onnx = toOnnx(createGraph('two', { outputs: { y: relu(w) } }), { weights });
  expect(readTensors(onnx, 'two.onnx').get('w')?.data).toEqual(Float32Array.of(5, 6));
});

describe("torchvision's networks as a start", () => {
  const golden: Promise<Record<'vgg16' | 'googlenetFirst' | 'googlenetThird', number[]>> =
    goldenOf('imagenet');
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await createRuntime({ device: 'cpu' });
  });
  afterAll(() => runtime.close());

  const tensor = (name: string, shape: number[], bound: number, mean = 0): [string, Tensor] => {
    const data = hashNumbers(
      name,
      shape.reduce((a, b) => a * b, 1),
      bound,
      mean,
    );
    return [name, { element: 'float32', shape, data }];
  };
  /** As golden/imagenet.py draws them; `drawn` only, the others are zeros of the right shape. */
  function tensorsOf(
    layers: readonly ImageNetLayer[],
    specs: readonly ParameterSpec[],
    drawn: readonly string[],
  ) {
    return new Map(
      layers.flatMap(({ ours, theirs, normalised }) => {
        const own = specs.find(({ name }) => name === `twoType/${ours}/weights`)?.shape as number[];
        const kernel = Math.min(own[3] as number, theirs.startsWith('inception') ? 3 : 7);
        const shape = [own[0], own[1], kernel, kernel] as number[];
        const used = drawn.includes(theirs) ? 1 : 0;
        const outputs = [own[0] as number];
        const fanIn = (own[1] as number) * kernel ** 2;
        const bound = used * Math.sqrt(3 / fanIn);
        if (!normalised)
          return [tensor(`${theirs}.weight`, shape, bound), tensor(`${theirs}.bias`, outputs, used * 0.1)];
        return [
          tensor(`${theirs}.conv.weight`, shape, bound),
          tensor(`${theirs}.bn.running_mean`, outputs, used * 0.1),
          tensor(`${theirs}.bn.running_var`, outputs, used * 0.5, 1),
          tensor(`${theirs}.bn.weight`, outputs, used * 0.3, 1),
          tensor(`${theirs}.bn.bias`, outputs, used * 0.1),
        ];
      }),
    );
  }

  async function run(build: (x: Value, of: (name: string) => Value) => Value, x: Tensor, weights: Weights) {
    const of = (name: string) => parameter(name, (weights[name] as Tensor).shape);
    const y = build(input('x', [...x.shape]), of);
    const session = await runtime.load(toOnnx(createGraph('layers', { outputs: { y } }), { weights }));
    const found = await session.run({ x });
    await session.close();
    return { shape: found.y?.shape as number[], data: found.y?.data as Float32Array };
  }
  const convolve = (x: Value, of: (name: string) => Value, name: string, padding = 0, stride = 1) =>
    relu(conv2d(x, of(`${name}/weights`), of(`${name}/bias`), { padding, stride }));
  /** Every `by`-th channel without `border` pixels at each side, the first 40 numbers. */
  function picked({ shape, data }: { shape: number[]; data: Float32Array }, by: number, border: number) {
    const [, channels = 0, rows = 0, columns = 0] = shape;
    const found: number[] = [];
    for (let channel = 0; channel < channels; channel += by)
      for (let row = border; row < rows - border; row++)
        for (let column = border; column < columns - border; column++)
          found.push(data[(channel * rows + row) * columns + column] as number);
    return found.slice(0, 40);
  }
  const [, image] = tensor('image', [1, 3, 32, 32], 0.5, 0.5);

  test('VGG16: the windows 0 to 1 give what the normalised image gives', async () => {
    const specs = RIVALS['2d-vgg16'].specs('twoType', { width: 1, onHalves: false });
    const { vgg16 } = IMAGENET_PLANS;
    const tensors = tensorsOf(vgg16.layers, specs, ['features.0', 'features.2']);
    const weights = imageNetStart(vgg16, tensors, specs, 'twoType', 'vgg16.pth');
    const build = (x: Value, of: (name: string) => Value) =>
      convolve(convolve(x, of, 'twoType/cnn/conv1_1', 1), of, 'twoType/cnn/conv1_2', 1);
    expect(picked(await run(build, image, weights), 7, 4)).toBeAllClose((await golden).vgg16, {
      absolute: 1e-4,
    });
  });

  test('GoogLeNet: batch normalisation folded, 3 x 3 kernels in the middle of 5 x 5 ones', async () => {
    const specs = RIVALS['2d-googlenet'].specs('twoType', { width: 1, onHalves: false });
    const { googlenet } = IMAGENET_PLANS;
    const drawn = ['conv1', 'inception3a.branch3.0', 'inception3a.branch3.1'];
    const tensors = tensorsOf(googlenet.layers, specs, drawn);
    const weights = imageNetStart(googlenet, tensors, specs, 'twoType', 'googlenet.pth');
    const stem = 'twoType/googlenet';
    const first = await run((x, of) => convolve(x, of, `${stem}/conv1`, 3, 2), image, weights);
    expect(picked(first, 7, 4)).toBeAllClose((await golden).googlenetFirst, { absolute: 1e-4 });
    const branch = (x: Value, of: (name: string) => Value) =>
      convolve(convolve(x, of, `${stem}/inception3a/toFive`), of, `${stem}/inception3a/five`, 2);
    const third = await run(branch, tensor('features', [1, 192, 8, 8], 0.5, 0.5)[1], weights);
    expect(picked(third, 3, 0)).toBeAllClose((await golden).googlenetThird, { absolute: 1e-4 });
  });

  test('another network is refused, each missing tensor by its name', () => {
    const specs = RIVALS['2d-vgg16'].specs('twoType', { width: 1, onHalves: false });
    const refusal = codeOf(() =>
      imageNetStart(IMAGENET_PLANS.vgg16, new Map(), specs, 'twoType', 'other.pth'),
    );
    expect(refusal).toMatch(
      /^weights-mismatch: other\.pth .*features\.0\.weight: got nothing, expected \[64, 3, 3, 3\]/,
    );
    expect(refusal).toMatch(/21 more$/);
  });
});

/** Every gradient rule of the operator table against central finite differences, on ONNX Runtime. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom, type Runtime, type Tensor } from '../src/base/index.ts';
import {
  createGraph,
  gradients,
  input,
  multiply,
  OPERATORS,
  power,
  reduceSum,
  resolveShape,
  type Shape,
  sign,
  toOnnx,
  type Value,
} from '../src/graph/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { GRADIENT_CASES, type GradientCase } from './graph-cases/index.ts';

const STEP = 1 / 64;
/** No two numbers are nearer than this, nor any to zero than half of it: no kink lies within a step. */
const SPACING = 0.07;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

const sizes = (shape: Shape): number[] => resolveShape(shape, { slices: 3 });
const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Distinct numbers around zero (or above it), shuffled over all inputs. */
function distinctNumbers(shapes: readonly Shape[], positive: boolean): Float32Array[] {
  const total = shapes.reduce((sum, shape) => sum + countOf(sizes(shape)), 0);
  const spacing = Math.min(SPACING, 4 / total);
  const first = positive ? 0.5 : -Math.floor(total / 2) * spacing + spacing / 2;
  const numbers = createRandom(5).shuffle(Array.from({ length: total }, (_, i) => first + i * spacing));
  return shapes.map((shape) => Float32Array.from(numbers.splice(0, countOf(sizes(shape)))));
}

const tensor = (shape: readonly number[], data: Float32Array): Tensor => ({
  element: 'float32',
  shape,
  data,
});

interface Checked {
  readonly analytic: Float32Array;
  readonly numeric: Float32Array;
}

/** d (sum of output * weights) / d input, by the rules and by differences; one pair for each input. */
async function bothGradients({ name, shapes, build, positive = false }: GradientCase): Promise<Checked[]> {
  const inputs = shapes.map((shape, i) => input(`input${i}`, shape));
  const output = build(...inputs);
  const weights = input('weights', output.shape);
  const wanted = gradients(reduceSum(multiply(output, weights)), inputs);
  const names = inputs.map((_, i) => `gradient${i}`);
  const outputs = {
    output,
    ...Object.fromEntries(wanted.map((value, i) => [names[i] as string, value as Value])),
  };
  const session = await runtime.load(toOnnx(createGraph(name, { outputs, inputs: [...inputs, weights] })));
  const data = distinctNumbers(shapes, positive);
  const shape = sizes(output.shape);
  const cotangent = Float32Array.from({ length: countOf(shape) }, (_, i) => Math.sin(1 + 2 * i));
  const all: Record<string, Tensor> = { weights: tensor(shape, cotangent) };
  for (const [i, numbers] of data.entries()) all[`input${i}`] = tensor(sizes(shapes[i] as Shape), numbers);
  const found = await session.run(all, names);
  const lossAt = async (): Promise<number> => {
    const { output: y } = await session.run(all, ['output']);
    return ((y as Tensor).data as Float32Array).reduce((sum, v, i) => sum + v * (cotangent[i] as number), 0);
  };
  const checked: Checked[] = [];
  for (const [i, numbers] of data.entries()) {
    const numeric = await differences(numbers, lossAt);
    checked.push({ analytic: found[names[i] as string]?.data as Float32Array, numeric });
  }
  await session.close();
  return checked;
}

async function differences(numbers: Float32Array, lossAt: () => Promise<number>): Promise<Float32Array> {
  const found = new Float32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const at = numbers[i] as number;
    numbers[i] = at + STEP;
    const above = await lossAt();
    numbers[i] = at - STEP;
    found[i] = (above - (await lossAt())) / (2 * STEP);
    numbers[i] = at;
  }
  return found;
}

const norm = (values: Float32Array): number => Math.hypot(...values);
const relativeError = ({ analytic, numeric }: Checked): number =>
  norm(analytic.map((a, i) => a - (numeric[i] as number))) / Math.max(norm(numeric), 1e-2);

test('every case belongs to an operator of the table', () => {
  expect(Object.keys(GRADIENT_CASES).filter((name) => OPERATORS[name] === undefined)).toEqual([]);
});

describe('an operator without a rule', () => {
  const [x, y] = [input('x', [2]), input('y', [2])];

  test.each([
    ['sign', sign(x), /operator sign has no gradient: its derivative is zero/],
    ['the exponent of power', power(y, x), /the exponent has no gradient/],
  ])('%s: fails when the graph is built, not when it runs', (_, value, message) => {
    const building = () => gradients(reduceSum(value), [x]);
    expect(building).toThrow(expect.objectContaining({ code: 'gradient-missing' }));
    expect(building).toThrow(message);
  });

  test('may lie where nothing wanted depends on it', () => {
    const [slope] = gradients(reduceSum(multiply(sign(x), y)), [y]);
    expect(slope?.shape).toEqual([2]);
  });
});

describe.each(Object.values(OPERATORS))('$name', ({ name, gradient }) => {
  const cases = GRADIENT_CASES[name] ?? [];
  if ('noGradient' in gradient) {
    test('declares why it has no gradient', () => {
      expect(gradient.noGradient).not.toBe('');
      expect(cases).toEqual([]);
    });
    return;
  }
  test('has a case', () => expect(cases.length).toBeGreaterThan(0));
  for (const gradientCase of cases) {
    test(`${gradientCase.name}: its gradient agrees with finite differences`, async () => {
      for (const checked of await bothGradients(gradientCase))
        expect(relativeError(checked)).toBeLessThan(2e-3);
    });
  }
});

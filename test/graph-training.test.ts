/** The optimiser as a graph and in place: held to PyTorch's numbers and to each other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime, Tensor } from '../src/base/index.ts';
import { adamStep, createGraph, input, stepAdamInPlace, toOnnx } from '../src/graph/index.ts';
import { createRuntime } from '../src/runtime/index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

const START = [0.5, -1, 2, 0.001];
const gradientOf = (step: number): Float32Array =>
  Float32Array.of(0.1 * step, -3, 1e-4 * (step - 2), Math.sin(step));
const SETTINGS = { rate: 0.01, weightDecay: 0.1 };

// torch.optim.AdamW([p], lr=0.01, weight_decay=0.1), three steps with the same gradients (torch 1.13)
const PYTORCH_AFTER_3 = [0.469299346, -0.967033088, 2.009819269, -0.027399208];

test('in place, three steps are PyTorch’s AdamW', () => {
  const buffers = {
    parameter: Float32Array.from(START),
    firstMoment: new Float32Array(4),
    secondMoment: new Float32Array(4),
  };
  for (const step of [1, 2, 3]) stepAdamInPlace(buffers, gradientOf(step), { ...SETTINGS, step });
  expect(buffers.parameter).toBeAllClose(PYTORCH_AFTER_3, { relative: 1e-5, absolute: 1e-7 });
});

test('as a graph, three steps are PyTorch’s AdamW', async () => {
  const [parameter, firstMoment, secondMoment, gradient] = ['parameter', 'first', 'second', 'gradient'].map(
    (name) => input(name, [4]),
  ) as [
    ReturnType<typeof input>,
    ReturnType<typeof input>,
    ReturnType<typeof input>,
    ReturnType<typeof input>,
  ];
  const step = input('step', []);
  const next = adamStep({ parameter, firstMoment, secondMoment }, gradient, { ...SETTINGS, step });
  const outputs = { p: next.parameter, m: next.firstMoment, v: next.secondMoment };
  const session = await runtime.load(toOnnx(createGraph('adam', { outputs })));
  const four = (data: Float32Array): Tensor => ({ element: 'float32', shape: [4], data });
  let state: Record<string, Tensor> = {
    p: four(Float32Array.from(START)),
    m: four(new Float32Array(4)),
    v: four(new Float32Array(4)),
  };
  for (const count of [1, 2, 3]) {
    const { p, m, v } = state as { p: Tensor; m: Tensor; v: Tensor };
    state = await session.run({
      ...{ parameter: p, first: m, second: v, gradient: four(gradientOf(count)) },
      step: { element: 'float32', shape: [], data: Float32Array.of(count) },
    });
  }
  expect(state.p?.data as Float32Array).toBeAllClose(PYTORCH_AFTER_3, { relative: 1e-5, absolute: 1e-6 });
});

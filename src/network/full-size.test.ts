import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceName, Runtime, Tensor } from '../base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  createGraph,
  gradients,
  input,
  toOnnx,
  type Value,
} from '../graph/index.ts';
import { createRuntime } from '../runtime/index.ts';
import { heatMaps, mapWeights } from './heat-maps.ts';
import { createParameterBook } from './parameter-book.ts';
import { parametersOf } from './parameters.ts';
import { findFrame, PREPROCESSING } from './preprocessing.ts';
import { buildRecurrent } from './recurrent.ts';
import { PAPER_SETTINGS, TASKS, type TaskName } from './settings.ts';
import { buildTrunk } from './trunk.ts';
import { hashBits, hashName, hashNumbers, hashWeights } from './weights.ts';

/** A parameter's gradient. */
interface Slope {
  readonly norm: number;
  readonly projections: readonly number[];
}

/** One case of golden/full_size.py. */
interface Golden {
  readonly slices: number;
  readonly task: TaskName;
  readonly loss: number;
  readonly sliceLogits: readonly number[];
  readonly subjectLogits: readonly number[];
  readonly gradients: Readonly<Record<string, Slope>>;
  readonly signedSums: readonly number[];
  readonly heatMaps: readonly number[];
}

const golden = JSON.parse(await readFile(new URL('golden/full-size.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Golden[];
};

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu' });
});
afterAll(() => runtime.close());

/** The whole network from HU to loss, gradients and heat maps, parameters fed. */
function wholeNetwork(task: TaskName, device?: DeviceName): Uint8Array {
  const book = createParameterBook(PAPER_SETTINGS, [task]);
  const hu = input('hu', ['slices', 512, 512], 'int16');
  const { paper } = PREPROCESSING;
  const { maps, features } = buildTrunk(
    paper.channels(paper.prepare(hu, findFrame(hu, paper).frame, 256)),
    book,
    task,
  );
  const values = buildRecurrent(features, book, task);
  const { outputs } = TASKS[task];
  const ofSlices = binaryCrossEntropyWithLogits(
    values.sliceLogits as Value,
    input('targets', ['slices', outputs]),
  );
  const loss = add(ofSlices, binaryCrossEntropyWithLogits(values.subjectLogits, input('subject', [outputs])));
  const slopes = gradients(
    loss,
    book.specs.map(({ name }) => book.of(name)),
  );
  const named = Object.fromEntries(book.specs.map(({ name }, i) => [`gradient/${name}`, slopes[i] as Value]));
  const found = heatMaps(maps, mapWeights(features, values, book, task));
  const { sliceLogits, subjectLogits } = values;
  return toOnnx(
    createGraph('whole', {
      outputs: { loss, sliceLogits: sliceLogits as Value, subjectLogits, heatMaps: found, ...named },
    }),
    { device },
  );
}

function feedsOf({ slices, task }: Golden): Record<string, Tensor> {
  const { outputs } = TASKS[task];
  const hu = hounsfield(slices);
  const targets = hashNumbers(`targets ${task} ${slices}`, slices * outputs, 1).map((v) => (v > 0 ? 1 : 0));
  const subject = Float32Array.from({ length: outputs }, (_, o) =>
    Math.max(...Array.from({ length: slices }, (__, s) => targets[s * outputs + o] as number)),
  );
  return {
    hu: { element: 'int16', shape: [slices, 512, 512], data: hu },
    targets: { element: 'float32', shape: [slices, outputs], data: targets },
    subject: { element: 'float32', shape: [outputs], data: subject },
    ...hashWeights(parametersOf(PAPER_SETTINGS, [task])),
  };
}

/** Integers, as in the script: a coarse grid every 32 pixels, between them linear, and noise. */
function hounsfield(slices: number): Int16Array {
  const bitsOf = (name: string) => {
    const start = hashName(name);
    return (place: number, shift: number) => hashBits(start, place) >>> shift;
  };
  const [coarse, noise] = [bitsOf(`coarse ${slices}`), bitsOf(`noise ${slices}`)];
  return Int16Array.from({ length: slices * 512 * 512 }, (_, i) => {
    const [slice, row, column] = [Math.floor(i / 512 ** 2), Math.floor(i / 512) % 512, i % 512];
    const at = (r: number, c: number) => coarse((slice * 17 + r) * 17 + c, 23) - 256;
    const [r, c, down, along] = [row >> 5, column >> 5, row & 31, column & 31];
    const left = at(r, c) * (32 - down) + at(r + 1, c) * down;
    const right = at(r, c + 1) * (32 - down) + at(r + 1, c + 1) * down;
    return ((left * (32 - along) + right * along) >> 10) + (noise(i, 27) - 16) + 100;
  });
}

/** The norm of the gradient's error as a share of the gradient's, estimated from its projections (uniform: times 3). */
function relativeError(
  name: string,
  found: Float32Array,
  { norm, projections }: Golden['gradients'][string],
): number {
  const squares = projections.map((expected, i) => {
    const vector = hashNumbers(`${name}/projection ${i}`, found.length, 1);
    return (found.reduce((sum, v, j) => sum + v * (vector[j] as number), 0) - expected) ** 2;
  });
  return Math.sqrt((3 * squares.reduce((a, b) => a + b, 0)) / squares.length) / norm;
}

// As trainings and predictions on a CPU run it, but for one in the form of model files: each case takes long
const written = golden.cases.map((expected) => ({
  ...expected,
  ...(expected.slices === 5
    ? { form: 'in the form of files', device: undefined }
    : { form: 'as on a CPU', device: 'cpu' as const }),
}));

test.each(written)(
  "full size, $slices slices, $task, $form: loss, gradients and heat maps are PyTorch's",
  {
    timeout: 180_000,
  },
  async ({ device, form: _, ...expected }) => {
    const session = await runtime.load(wholeNetwork(expected.task, device), { name: 'whole network' });
    const results = await session.run(feedsOf(expected));
    await session.close();
    const values = (name: string) => results[name]?.data as Float32Array;
    expect(values('loss')[0]).toBeCloseTo(expected.loss, 4);
    expect([...values('sliceLogits')]).toBeAllClose(expected.sliceLogits, { absolute: 1e-4 });
    expect([...values('subjectLogits')]).toBeAllClose(expected.subjectLogits, { absolute: 1e-4 });
    const errors = Object.entries(expected.gradients).map(([name, slope]) => ({
      name,
      error: relativeError(name, values(`gradient/${name}`), slope),
    }));
    expect(errors.filter(({ error }) => !(error < 1e-3))).toEqual([]);
    expect([...values('heatMaps')]).toBeAllClose(expected.heatMaps, { absolute: 2e-5, relative: 1e-3 });
  },
);

test('among the golden heat maps are some whose signed sum is negative and that are not empty', () => {
  const negative = golden.cases.flatMap(({ signedSums, heatMaps: maps }) =>
    signedSums.filter((sum, i) => sum < 0 && maps.slice(i * 256, (i + 1) * 256).some((v) => v > 0)),
  );
  expect(negative).toHaveLength(9);
});

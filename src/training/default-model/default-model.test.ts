import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom, type Runtime, type Tensor } from '../../base/index.ts';
import {
  initialiseWeights,
  MOBILENET_SETTINGS,
  type SubjectReads,
  type Weights,
} from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { type FoldFile, outOfFoldFigures, type UnseenSeries } from './figures-of-folds.ts';
import { DEFAULT_RECIPE, networkOf, type Recipe } from './recipe.ts';
import { bothParameters, recurrentGraph } from './recurrent-graph.ts';
import { startAsCnn } from './recurrent-start.ts';
import { type RecurrentTask, type SeriesFeatures, trainRecurrent } from './recurrent-training.ts';
import { drawTransform } from './transform.ts';

const { features: FEATURES } = MOBILENET_SETTINGS;
const PARAMETERS = bothParameters(MOBILENET_SETTINGS);
const random = createRandom(7);
const drawn = (length: number, size: number) =>
  Float32Array.from({ length }, () => random.uniform(-size, size));
const tensor = (shape: readonly number[], data: Float32Array): Tensor => ({
  element: 'float32',
  shape,
  data,
});
/** A CNN's last row: six logits between about -4 and 4. */
const cnn: Weights = {
  'warmUp/weights': tensor([6, FEATURES], drawn(6 * FEATURES, 0.25)),
  'warmUp/bias': tensor([6], drawn(6, 0.1)),
};
const floats = (value: Tensor | undefined): Float32Array => value?.data as Float32Array;
const logitsOf = (features: Float32Array, slice: number): number[] =>
  Array.from({ length: 6 }, (_, c) => {
    const row = floats(cnn['warmUp/weights']).subarray(c * FEATURES, (c + 1) * FEATURES);
    const own = features.subarray(slice * FEATURES, (slice + 1) * FEATURES);
    return row.reduce((sum, w, i) => sum + w * (own[i] as number), floats(cnn['warmUp/bias'])[c] as number);
  });
const SLICES = 9;
const seriesOf = (bleeds: boolean, origin: SeriesFeatures['origin']): SeriesFeatures => {
  const features = drawn(SLICES * FEATURES, 1);
  const targets = Array.from({ length: SLICES }, (_, i) => {
    const found = bleeds && i > 3 && i < 7 ? 1 : 0;
    return [found, found, 0, 0, 0, 0];
  });
  return { features: async () => features, targets, origin };
};

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

async function ask(weights: Weights, features: Float32Array, settings = MOBILENET_SETTINGS) {
  const session = await runtime.load(recurrentGraph(settings, weights), { name: 'recurrent' });
  const results = await session.run({
    features: tensor([features.length / FEATURES, FEATURES], features),
  });
  await session.close();
  return results;
}

/** What the units beside the carriers, which stay as drawn, may add to a logit. */
const DRAWN_UNITS = 0.3;

describe('the recurrent parts', () => {
  test("start as the CNN's own answer: its logit of every slice, a little nearer to zero", async () => {
    const features = drawn(SLICES * FEATURES, 1);
    const start = startAsCnn(initialiseWeights(PARAMETERS, 3), cnn, MOBILENET_SETTINGS);
    const results = await ask(start, features);
    for (let slice = 0; slice < SLICES; slice++) {
      const [any, ...subtypes] = logitsOf(features, slice) as [number, ...number[]];
      const yes = floats(results['twoType/slices'])[2 * slice + 1] as number;
      expect(Math.abs(yes - any)).toBeLessThan(DRAWN_UNITS + 0.25 * Math.abs(any));
      const five = floats(results['fiveType/slices']).subarray(5 * slice, 5 * slice + 5);
      for (const [c, logit] of subtypes.entries())
        expect(Math.abs((five[c] as number) - logit)).toBeLessThan(DRAWN_UNITS + 0.25 * Math.abs(logit));
    }
  });

  // What the CNN says of any hemorrhage lies along its first row
  const slicesOf = (logits: readonly number[]): Float32Array => {
    const row = floats(cnn['warmUp/weights']).subarray(0, FEATURES);
    const length = row.reduce((sum, w) => sum + w * w, 0);
    return Float32Array.from(logits.flatMap((logit) => [...row].map((w) => (logit * w) / length)));
  };

  test('a mean fades the one sure slice of thirty for the subject; with the surest slice it does not', async () => {
    const [none, one] = [Array(30).fill(-5), [...Array(29).fill(-5), 5]].map(slicesOf);
    const said = async (features: Float32Array | undefined, subjectReads: SubjectReads) => {
      const settings = { ...MOBILENET_SETTINGS, subjectReads };
      const start = startAsCnn(initialiseWeights(bothParameters(settings), 3), cnn, settings);
      const results = await ask(start, features ?? new Float32Array(), settings);
      const slices = floats(results['twoType/slices']);
      const [no, yes] = [0, 1].map((output) => slices.filter((_, i) => i % 2 === output));
      const surest = [Math.min(...(no ?? [])), Math.max(...(yes ?? []))];
      return { subject: [...floats(results['twoType/subject'])], surest };
    };
    expect((await said(one, 'mean')).subject[1]).toBeLessThan(0);
    const [ofOne, ofNone] = [await said(one, 'meanAndSurestSlice'), await said(none, 'meanAndSurestSlice')];
    expect(ofOne.surest[1]).toBeGreaterThan(2);
    expect(ofNone.surest[1]).toBeLessThan(-2);
    for (const { subject, surest } of [ofOne, ofNone])
      for (const [output, logit] of surest.entries()) expect(subject[output]).toBeCloseTo(logit, 5);
  });

  const recipe = (twoType: number, fiveType: number): Recipe => ({
    ...DEFAULT_RECIPE,
    recurrent: {
      ...DEFAULT_RECIPE.recurrent,
      twoType: { steps: twoType, rate: 1e-3, runs: 1 },
      fiveType: { steps: fiveType, rate: 1e-3, runs: 1 },
    },
  });
  const series = [
    seriesOf(true, 'real'),
    seriesOf(false, 'real'),
    seriesOf(true, 'phantom'),
    seriesOf(true, 'inserted'),
  ];
  const trained = (steps: Recipe, log: NonNullable<RecurrentTask['log']> = () => {}) =>
    trainRecurrent({ runtime, recipe: steps, series, cnn, random: createRandom(5), seed: 5, log });

  test('are trained apart: the steps of one leave the other as it is', async () => {
    const [short, long] = [await trained(recipe(3, 3)), await trained(recipe(3, 8))];
    const differing = PARAMETERS.filter(({ name }) => {
      const [a, b] = [floats(short[name]), floats(long[name])];
      return a.some((value, i) => value !== b[i]);
    }).map(({ name }) => name.split('/')[0]);
    expect(new Set(differing)).toEqual(new Set(['fiveType']));
  });

  test('the five-type one learns from bleeding series alone', async () => {
    const more = [...series, seriesOf(false, 'phantom')];
    const [few, many] = [
      await trained(recipe(1, 4)),
      await trainRecurrent({
        runtime,
        recipe: recipe(1, 4),
        series: more,
        cnn,
        random: createRandom(5),
        seed: 5,
      }),
    ];
    for (const { name } of PARAMETERS.filter((p) => p.name.startsWith('fiveType/')))
      expect(many[name]).toEqual(few[name]);
  });

  test("move the subject's logit of hemorrhage by the recipe's offset, and nothing else", async () => {
    const steps = recipe(2, 3);
    const features = drawn(SLICES * FEATURES, 1);
    const offset = async (subjectOffset: number) => {
      const weights = await trained({ ...steps, recurrent: { ...steps.recurrent, subjectOffset } });
      return ask(weights, features);
    };
    const [without, with2] = [await offset(0), await offset(2)];
    const moved = (name: string) =>
      [...floats(with2[name])].map((v, i) => Number((v - (floats(without[name])[i] as number)).toFixed(3)));
    expect(moved('twoType/subject')).toEqual([-2, 2]);
    for (const name of ['twoType/slices', 'fiveType/slices', 'fiveType/subject'])
      expect(new Set(moved(name))).toEqual(new Set([0]));
  });

  test('are the mean of their runs: the first as if alone, each on draws of its own', async () => {
    const once = recipe(3, 1);
    const { recurrent } = once;
    const twice: Recipe = {
      ...once,
      recurrent: { ...recurrent, twoType: { ...recurrent.twoType, runs: 2 } },
    };
    const logged = async (steps: Recipe) => {
      const log: Record<string, unknown>[] = [];
      const weights = await trained(steps, (entry) => log.push(entry));
      const losses = (run: number) =>
        log.filter((e) => e.part === 'twoType' && e.run === run).map((e) => e.loss);
      return { weights, losses };
    };
    const [alone, both] = [await logged(once), await logged(twice)];
    expect(both.losses(1)).toEqual(alone.losses(1));
    expect(both.losses(2)).toHaveLength(3);
    expect(both.losses(2)).not.toEqual(both.losses(1));
    const start = startAsCnn(initialiseWeights(PARAMETERS, 5), cnn, MOBILENET_SETTINGS);
    for (const { name } of PARAMETERS) {
      const [mean, first, untrained] = [both.weights, alone.weights, start].map((w) => floats(w[name]));
      const second = mean?.map((value, i) => 2 * value - (first?.[i] as number));
      if (name.startsWith('fiveType/')) expect(mean).toEqual(first);
      else for (const other of [first, untrained]) expect(second).not.toEqual(other);
    }
  });

  test("a slice's logits become the mean of the recurrent part's, trained without the other, and the CNN's own; the subject follows", async () => {
    const steps = recipe(3, 3);
    const hearing: Recipe = {
      ...steps,
      recurrent: { ...steps.recurrent, subjectOffset: 0, sliceReads: 'recurrentAndCnn' },
    };
    const alone: Recipe = { ...steps, recurrent: { ...steps.recurrent, subjectOffset: 0 } };
    const [own, both] = [await trained(alone), await trained(hearing)];
    expect(both).toMatchObject(own);
    const features = drawn(SLICES * FEATURES, 1);
    const [ofOwn, ofBoth] = [
      await ask(own, features, networkOf(alone)),
      await ask(both, features, networkOf(hearing)),
    ];
    const said = (results: typeof ofOwn, name: string) => [...floats(results[name])];
    const cnnLogits = Array.from({ length: SLICES }, (_, slice) => logitsOf(features, slice));
    for (const [task, logits] of [
      ['twoType', cnnLogits.map(([any = 0]) => [-any, any])],
      ['fiveType', cnnLogits.map(([, ...subtypes]) => subtypes)],
    ] as const) {
      const [recurrent, mean] = [said(ofOwn, `${task}/slices`), said(ofBoth, `${task}/slices`)];
      const expected = logits.flat().map((logit, i) => (logit + (recurrent[i] as number)) / 2);
      expect(mean).toBeAllClose(expected, { absolute: 1e-4 });
      const outputs = logits[0]?.length as number;
      const surest = (slices: readonly number[], output: number) => {
        const column = slices.filter((_, i) => i % outputs === output);
        return task === 'twoType' && output === 0 ? Math.min(...column) : Math.max(...column);
      };
      const [before, after] = [said(ofOwn, `${task}/subject`), said(ofBoth, `${task}/subject`)];
      for (const [output, logit] of after.entries())
        expect(logit - (before[output] as number)).toBeCloseTo(
          surest(mean, output) - surest(recurrent, output),
          4,
        );
    }
  });

  test('come from seed and settings alone', async () => {
    expect(await trained(recipe(2, 3))).toEqual(await trained(recipe(2, 3)));
  });
});

describe('figures out of fold', () => {
  /** Ten bleeding and ten other patients; `shift` moves the bleeding ones' logits up. */
  const foldFile = (seed: number, shift: number): FoldFile => ({
    seed,
    fold: 0,
    predictions: Array.from({ length: 20 }, (_, i): UnseenSeries => {
      const bleeds = i % 2;
      const logit = (i % 5) + shift * bleeds;
      const five = [logit, 0, 0, 0, 0];
      return {
        study: String(i),
        form: 'plain',
        targets: [
          [bleeds, i % 4 === 1 ? 1 : 0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0, 0],
        ],
        twoType: { slices: [logit, -9], subject: logit },
        fiveType: { slices: [five, five], subject: five },
        cnn: [],
      };
    }),
  });
  const figure = (files: readonly FoldFile[], name: string, level: string) =>
    outOfFoldFigures(files).find((f) => f.name === name && f.level === level);

  test('are the mean of the seeds, with an interval by patients', () => {
    const found = figure([foldFile(1, 0), foldFile(2, 9)], 'anyHemorrhage', 'subject');
    expect(found?.auc?.bySeed).toEqual([0.5, 1]);
    expect(found?.auc?.mean).toBe(0.75);
    expect(found?.auc?.low).toBeLessThan(0.75);
    expect(found?.auc?.high).toBeGreaterThan(0.75);
    expect([found?.positives, found?.rows]).toEqual([10, 20]);
  });

  // Logits 0 to 4, moved by -2 for the bleeding: three of five reach 0, of the others none lies below it
  test('count decisions at 0.5 as the mean of the seeds, for subjects with any hemorrhage alone', () => {
    const found = outOfFoldFigures([foldFile(1, -2), foldFile(2, -4)]);
    expect(found.flatMap(({ name, level, rightAtHalf }) => (rightAtHalf ? [[name, level]] : []))).toEqual([
      ['anyHemorrhage', 'subject'],
    ]);
    expect(figure([foldFile(1, -2)], 'anyHemorrhage', 'subject')?.rightAtHalf).toEqual({
      positives: 6,
      negatives: 0,
    });
    // 6 and 2 of 10
    expect(found[1]?.rightAtHalf).toEqual({ positives: 4, negatives: 0 });
  });

  test('are counts only below ten positive patients; subtypes are scored on bleeding subjects', () => {
    expect(figure([foldFile(1, 9)], 'epidural', 'slice')).toEqual({
      name: 'epidural',
      level: 'slice',
      positives: 0,
      rows: 20,
    });
    expect(figure([foldFile(1, 9)], 'intraparenchymal', 'subject')).toMatchObject({ positives: 5, rows: 10 });
  });
});

test('a plain copy is the series itself; a transformed one comes from its stream alone', () => {
  const plan = { name: 'copy-1', index: 1, bleeds: false, form: 'transformed' } as const;
  const draw = (seed: number) => drawTransform(plan, DEFAULT_RECIPE.augmentation, createRandom(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  const plain = drawTransform({ ...plan, form: 'plain' }, DEFAULT_RECIPE.augmentation, createRandom(1));
  expect(plain).toMatchObject({ map: [1, 0, 0, 0, 1, 0], gain: 1, offsetHu: 0, noiseHu: 0, contrast: 1 });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type ProgressEvent, type Runtime, type Tensor } from '../../base/index.ts';
import { initialiseWeights, type Weights } from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { NO_CHANGE } from '../common/affine-map.ts';
import { floatsIn, gruMaskFeeds } from '../common/feeds.ts';
import { gradientsOf } from '../common/gradients.ts';
import { startOptimiser } from '../common/optimiser.ts';
import { createPreparation } from '../preparation.ts';
import { readWeights } from '../weights-file.ts';
import { drawAffineMap } from './augmentation.ts';
import { readPosition, startPosition } from './checkpoint.ts';
import { trainFrozenStage } from './frozen-stage.ts';
import { frozenGraphs } from './graphs.ts';
import type { EpochEntry, LogEntry } from './log-entry.ts';
import type { RunLog } from './run-log.ts';
import { mapTensor, run } from './scan-chunks.ts';
import { createScanStepper } from './scan-step.ts';
import { loadScan, studyTargets } from './scans.ts';
import {
  differencesFromPaper,
  frozenRateOf,
  hasFrozenStage,
  networkOf,
  ofEpochs,
  type TrainingSettings,
} from './settings.ts';
import { startFromRun } from './starting-weights.ts';
import { type TrainOptions, train } from './train.ts';
import { formOf } from './trained-network.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

const ON_HALVES: TrainingSettings = {
  ...TINY_SETTINGS,
  cnn: 'compact-vgg16-128',
  tasks: ['twoType'],
  mostEpochs: 1,
};
const FROZEN: TrainingSettings = {
  ...ON_HALVES,
  frozen: { epochs: 3, copies: 2, rate: 1e-3, fineTuningRateFactor: 1 },
};

const afterAt = (fineTuningRateFactor: number): TrainingSettings => ({
  ...FROZEN,
  schedule: 'constant',
  frozen: { ...FROZEN.frozen, fineTuningRateFactor },
});

let runtime: Runtime;
let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-frozen-'));
  await train(options('2d', { ...ON_HALVES, network: '2d-vgg16' }));
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

const options = (
  name: string,
  settings: TrainingSettings,
  changed: Partial<TrainOptions> = {},
): TrainOptions => ({
  runtime,
  settings,
  cohort: tinyCohort(6),
  folder: at(name),
  preparedFolder: at('prepared'),
  resume: false,
  checkpointSeconds: 0,
  ...changed,
});

const trained = async (name: string, settings = FROZEN, changed: Partial<TrainOptions> = {}) => {
  const start = await startFromRun(at('2d'), settings);
  return train(options(name, { ...settings, startingWeights: start.about }, { start, ...changed }));
};

const logOf = async (name: string) =>
  (await readFile(path.join(at(name), 'log.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; epoch: number; best?: number });

test('in the stage the convolutions stay bit for bit, and what reads them learns', async () => {
  // An epoch whose rate is next to nothing: what the stage gave is what is left
  const { networks } = await trained('resting', afterAt(1e-27));
  const given = await readWeights(path.join(at('2d'), 'twoType.best.weights'));
  const found = networks.twoType?.weights ?? {};
  const specs = formOf(FROZEN, 'twoType').specs;
  const isSame = (name: string) =>
    Buffer.compare(bytesOf(floatsIn(found[name])), bytesOf(floatsIn(given[name]))) === 0;
  for (const { name, part } of specs) if (part === 'cnn') expect(isSame(name), name).toBe(true);
  expect(isSame('twoType/dense/weights')).toBe(false);
  const log = await logOf('resting');
  expect(log.map(({ kind }) => kind)).toEqual([
    ...Array(3).fill('frozen-epoch'),
    ...Array(4).fill('scan'),
    'epoch',
  ]);
  const text = async (name: string) => `${await readFile(path.join(at('resting'), name))}`;
  expect(await text('progress.html')).toContain('Convolutions frozen: epoch 3 of 3.');
  expect(await text('twoType.frozen.curves.svg')).toContain('twoType: convolutions frozen');
});

test('the best weights are those of the stage where no epoch goes below it', async () => {
  // Far too high a rate after the stage
  const { networks } = await trained('thrown', afterAt(2e3));
  const log = await logOf('thrown');
  expect(log.at(-1)).toMatchObject({ kind: 'epoch', best: -1 });
  expect(networks.twoType?.best.epoch).toBe(-1);
});

test('stopped in the stage or after it, a run ends with the same weights', async () => {
  const whole = await trained('whole');
  const stopAt = {
    within: { task: 'training twoType, convolutions frozen', done: 6 },
    after: { task: 'training twoType, epoch 1', done: 1 },
  };
  for (const [name, at] of Object.entries(stopAt)) {
    const stop = new AbortController();
    const onProgress = ({ task, done }: ProgressEvent) => {
      if (task === at.task && done >= at.done) stop.abort();
    };
    const stopped = trained(name, FROZEN, { signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const { frozenEpochs } = await readPosition(path.join(folder, name, 'twoType.checkpoint'));
    // The sixth step is the second of the second epoch
    expect(frozenEpochs).toBe(name === 'within' ? 1 : undefined);
    const { networks } = await trained(name, FROZEN, { resume: true });
    expect(networks.twoType?.best).toEqual(whole.networks.twoType?.best);
    for (const [parameter, tensor] of Object.entries(whole.networks.twoType?.weights ?? {}))
      expect(floatsIn(networks.twoType?.weights[parameter]), parameter).toEqual(floatsIn(tensor));
    expect((await logOf(name)).filter(({ kind }) => kind === 'frozen-epoch')).toHaveLength(3);
  }
});

test('a step of it has the loss and the gradients of a step of the whole network', async () => {
  const settings = { ...FROZEN, augmentation: { ...FROZEN.augmentation, flips: 1 } };
  const preparation = await createPreparation(runtime, at('prepared'), { preprocessing: 'paper' });
  const scan = await loadScan(tinyCohort(1, 5).studies[0] as never, preparation);
  await preparation.close();
  const { weights } = startOptimiser(initialiseWeights(formOf(settings, 'twoType').specs, 3));
  const random = createRandom(5);
  const map = drawAffineMap(settings.augmentation, random.fork('map'));
  const targets = studyTargets(scan.study, 'twoType');
  const masks = gruMaskFeeds(scan.slices, networkOf(settings), random.fork('dropout'));
  const stepper = createScanStepper(runtime, formOf(settings, 'twoType'));
  const whole = await stepper.step(scan, weights, { map, targets, masks });
  const judged = await stepper.judge(scan, weights, targets);
  await stepper.close();

  const graphs = frozenGraphs(formOf(settings, 'twoType'), 'cpu');
  const runOnce = async (onnx: Uint8Array, feeds: Parameters<typeof run>[1]) => {
    const session = await runtime.load(onnx, { name: 'frozen' });
    const found = await run(session, { ...feeds, ...weights });
    await session.close();
    return found;
  };
  const bridgeOf = async (moved: readonly number[]) => {
    const { prepared } = scan;
    return (await runOnce(graphs.convolutions(), { prepared, map: mapTensor(moved) })).bridge as Tensor;
  };
  const { loss, ...found } = await runOnce(graphs.step(), {
    bridge: await bridgeOf(map),
    ...targets,
    ...masks,
  });
  expect(loss?.data[0]).toBeCloseTo(whole.loss, 5);
  const learning = formOf(settings, 'twoType').specs.filter(({ part }) => part !== 'cnn');
  expect(Object.keys(gradientsOf(found)).sort()).toEqual(learning.map(({ name }) => name).sort());
  for (const [name, gradient] of Object.entries(gradientsOf(found)))
    expect(relativeError(gradient, whole.gradients[name] as Float32Array), name).toBeLessThan(1e-4);
  const judgedHere = await runOnce(graphs.judge(), { bridge: await bridgeOf(NO_CHANGE), ...targets });
  expect(judgedHere.loss?.data[0]).toBeCloseTo(judged.loss, 5);
});

function relativeError(found: Float32Array, expected: Float32Array): number {
  const norm = (values: Float32Array) => Math.hypot(...values);
  return norm(found.map((value, i) => value - (expected[i] as number))) / norm(expected);
}

test('what cannot be kept in memory is computed again, to the same weights; gradients are averaged over scans', async () => {
  const settings = { ...FROZEN, scansAStep: 3, supervision: 'sub-lab', startingWeights: 'given' } as const;
  const preparation = await createPreparation(runtime, at('prepared'), { preprocessing: 'paper' });
  const { studies } = tinyCohort(6);
  const subjectsOnly = studies.map(({ slices: _, ...study }) => study);
  const losses: number[] = [];
  const ends: Weights[] = [];
  for (const mostKeptBytes of [undefined, 0]) {
    let best: Weights = {};
    const log = { write: async (entry: LogEntry) => void losses.push((entry as EpochEntry).trainingLoss) };
    const { position, state } = await trainFrozenStage(
      {
        runtime,
        form: formOf(settings, 'twoType'),
        training: subjectsOnly.slice(0, 4),
        validation: subjectsOnly.slice(4),
        preparation,
        log: log as RunLog,
      },
      {
        position: { ...startPosition('a run'), frozenEpochs: 0 },
        state: startOptimiser(initialiseWeights(formOf(settings, 'twoType').specs, 3)),
      },
      {
        keep: async () => undefined,
        keepBest: async (weights) => {
          best = Object.fromEntries(
            Object.entries(weights).map(([name, tensor]) => [
              name,
              { element: 'float32' as const, shape: tensor.shape, data: floatsIn(tensor).slice() },
            ]),
          );
        },
        readBest: async () => best,
      },
      mostKeptBytes,
    );
    expect(position).toMatchObject({ epoch: 0, steps: 0, best: { epoch: -1 } });
    expect(position.frozenEpochs).toBeUndefined();
    ends.push(state.weights);
  }
  await preparation.close();
  expect(losses.slice(3)).toEqual(losses.slice(0, 3));
  const [kept = {}, computed = {}] = ends;
  for (const [name, tensor] of Object.entries(kept))
    expect(floatsIn(computed[name]), name).toEqual(floatsIn(tensor));
});

test('its rate falls as a cosine, and from scratch there is no stage to tell of', () => {
  expect([0, 1, 2].map((epoch) => frozenRateOf(FROZEN, epoch))).toEqual([
    1e-3,
    expect.closeTo(7.5e-4, 10),
    expect.closeTo(2.5e-4, 10),
  ]);
  const given = { ...FROZEN, startingWeights: 'ImageNet' };
  const others = [
    FROZEN,
    { ...given, frozen: { ...FROZEN.frozen, epochs: 0 } },
    { ...given, network: '2d-vgg16' as const },
  ];
  expect([given, ...others].map(hasFrozenStage)).toEqual([true, false, false, false]);
  const told = (settings: TrainingSettings) =>
    differencesFromPaper(settings).filter((text) => text.startsWith('frozen')).length;
  expect([given, ...others].map(told)).toEqual([1, 0, 0, 0]);
  const { rate, recurrentRateFactor } = ofEpochs({ ...given, rate: 4e-4, recurrentRateFactor: 10 });
  expect([rate, recurrentRateFactor]).toEqual([4e-4, 1]);
});

test('a training that diverges in it names the flag of its rate', async () => {
  const diverging: Runtime = {
    ...runtime,
    load: async (onnx, options) => {
      const session = await runtime.load(onnx, options);
      const loss: Tensor = { element: 'float32', shape: [], data: Float32Array.of(Number.NaN) };
      return options?.name?.includes('frozen step')
        ? { ...session, run: async (...given) => ({ ...(await session.run(...given)), loss }) }
        : session;
    },
  };
  await expect(trained('diverging', FROZEN, { runtime: diverging })).rejects.toMatchObject({
    code: 'training-diverged',
    message: expect.stringContaining('--frozen-rate below 0.001'),
  });
});

const bytesOf = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

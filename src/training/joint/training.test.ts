import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  at,
  createRandom,
  floatsOf,
  type ProgressEvent,
  RefusedInput,
  type Runtime,
} from '../../base/index.ts';
import { type Cohort, type LabelledStudy, studyKey } from '../../cohort/index.ts';
import { initialiseWeights } from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { NO_CHANGE } from '../common/affine-map.ts';
import { gruMaskFeeds } from '../common/feeds.ts';
import { startOptimiser } from '../common/optimiser.ts';
import { createPreparation } from '../preparation.ts';
import { drawAffineMap } from './augmentation.ts';
import { type Checkpoint, readCheckpoint, readPosition, writeCheckpoint } from './checkpoint.ts';
import { exportRun } from './export-run.ts';
import type { LeftOutStudy } from './label-needs.ts';
import { readRunSettings, SETTINGS_FILE } from './run-folder.ts';
import { SCANS_FILE } from './scan-hashes.ts';
import { createScanStepper } from './scan-step.ts';
import { loadScan, studyTargets } from './scans.ts';
import {
  networkOf,
  ofEpochs,
  positiveWeightsOf,
  rateOf,
  TRAINING_PRESETS,
  type TrainingSettings,
} from './settings.ts';
import { startFromImageNet, startFromRun } from './starting-weights.ts';
import { type TrainOptions, train } from './train.ts';
import type { EndedEpoch } from './train-network.ts';
import { formOf, ratesOf } from './trained-network.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-training-'));
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

const options = (name: string, changed: Partial<TrainOptions> = {}): TrainOptions => ({
  runtime,
  settings: { ...TINY_SETTINGS, tasks: ['twoType'] },
  cohort: tinyCohort(6),
  folder: path.join(folder, name),
  preparedFolder: path.join(folder, 'prepared'),
  resume: false,
  checkpointSeconds: 0,
  ...changed,
});

async function stepWith(settings: TrainingSettings) {
  const preparation = await createPreparation(runtime, path.join(folder, 'prepared'), {
    preprocessing: 'paper',
  });
  const scan = await loadScan(tinyCohort(1, 5).studies[0] as never, preparation);
  const stepper = createScanStepper(runtime, formOf(settings, 'twoType'));
  const network = networkOf(settings);
  const { weights } = startOptimiser(initialiseWeights(formOf(settings, 'twoType').specs, 3));
  const random = createRandom(5);
  const found = await stepper.step(scan, weights, {
    map: drawAffineMap(settings.augmentation, random),
    targets: studyTargets(scan.study, 'twoType'),
    masks: gruMaskFeeds(scan.slices, network, random),
  });
  const targets = studyTargets(scan.study, 'twoType');
  const judged = await stepper.judge(scan, weights, targets);
  await stepper.close();
  await preparation.close();
  return { ...found, judged, targets };
}

describe('a step over a scan', () => {
  test('in chunks gives the loss and the gradients of the whole scan at once', async () => {
    const whole = await stepWith({ ...TINY_SETTINGS, chunk: 5 });
    const chunks = await stepWith({ ...TINY_SETTINGS, chunk: 2 });
    expect(chunks.loss).toBeCloseTo(whole.loss, 5);
    expect(Object.keys(chunks.gradients).sort()).toEqual(Object.keys(whole.gradients).sort());
    for (const [name, gradient] of Object.entries(whole.gradients))
      expect(relativeDifference(chunks.gradients[name] as Float32Array, gradient), name).toBeLessThan(1e-4);
  });

  test('without a slice head takes the subject’s labels alone', async () => {
    const { judged, gradients } = await stepWith({ ...TINY_SETTINGS, supervision: 'sub-lab' });
    expect(judged.sliceLogits).toBeUndefined();
    expect(Object.keys(gradients).some((name) => name.includes('sliceHead'))).toBe(false);
  });

  test.each(['2d-vgg16', '2d-googlenet'] as const)(
    'of the rival %s: in chunks as at once',
    async (network) => {
      const whole = await stepWith({ ...TINY_SETTINGS, network, chunk: 5 });
      const chunks = await stepWith({ ...TINY_SETTINGS, network, chunk: 2 });
      for (const [name, gradient] of Object.entries(whole.gradients))
        expect(relativeDifference(chunks.gradients[name] as Float32Array, gradient), name).toBeLessThan(1e-3);
      const { sliceLogits, subjectLogits } = whole.judged;
      const ofIch = Array.from({ length: 5 }, (_, slice) => sliceLogits?.[2 * slice + 1] as number);
      expect(subjectLogits[1]).toBe(Math.max(...ofIch));
    },
  );

  test.each([1, 3])('weighs positive targets as told: %d times', async (positiveWeight) => {
    const { judged, targets } = await stepWith({ ...TINY_SETTINGS, positiveWeight });
    const level = (logits: Float32Array | undefined, name: string) => {
      const wanted = floatsOf(targets, name);
      const terms = [...(logits ?? [])].map((logit, i) => {
        const target = at(wanted, i);
        return (target === 1 ? positiveWeight : 1) * (Math.log1p(Math.exp(logit)) - target * logit);
      });
      return terms.reduce((sum, term) => sum + term, 0) / terms.length;
    };
    const { slice, subject } = TINY_SETTINGS.lossWeights;
    const ofSlices = level(judged.sliceLogits, 'targets/slices');
    const ofSubject = level(judged.subjectLogits, 'targets/subject');
    expect(judged.loss).toBeCloseTo(slice * ofSlices + subject * ofSubject, 5);
  });
});

/** ||a - b|| / ||b||. */
function relativeDifference(a: Float32Array, b: Float32Array): number {
  let [difference, norm] = [0, 0];
  for (const [i, value] of b.entries()) {
    difference += ((a[i] as number) - value) ** 2;
    norm += value ** 2;
  }
  return Math.sqrt(difference / norm);
}

describe('a run', () => {
  test('that was stopped goes on to the same weights, bit for bit', async () => {
    const whole = await train(options('whole'));
    const controller = new AbortController();
    const stopped = train(
      options('stopped', {
        signal: controller.signal,
        onProgress: ({ done, task }) => {
          if (task.endsWith('epoch 2') && done === 2) controller.abort();
        },
      }),
    );
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const resumed = await train(options('stopped', { resume: true }));
    expect(resumed.networks.twoType?.best).toEqual(whole.networks.twoType?.best);
    const read = (name: string, file: string) => readFile(path.join(folder, name, file));
    expect(`${await read('stopped', 'log.jsonl')}`).toBe(`${await read('whole', 'log.jsonl')}`);
    const [one, other] = [
      await read('stopped', 'twoType.checkpoint'),
      await read('whole', 'twoType.checkpoint'),
    ];
    expect(one.equals(other)).toBe(true);
    expect(`${await read('stopped', 'twoType.curves.svg')}`).toContain('<svg');
    const page = `${await read('stopped', 'progress.html')}`;
    expect(page).toContain('The training is over.');
    expect(page).not.toContain('http-equiv="refresh"');
    // The same events, each record as long; times and checksums differ
    const events = 'events.out.tfevents.0.ichor';
    expect((await read('stopped', events)).length).toBe((await read('whole', events)).length);
  });

  test('tells each epoch as it ends, with the figures of the log', async () => {
    const told: EndedEpoch[] = [];
    await train(options('told', { onEpoch: (epoch) => void told.push(epoch) }));
    const log = await readFile(path.join(folder, 'told', 'log.jsonl'), 'utf8');
    const logged = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.map(({ seconds, ...entry }) => entry)).toEqual(logged.filter(({ kind }) => kind === 'epoch'));
    expect(told.map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(told.every(({ seconds }) => seconds > 0)).toBe(true);
  });

  test('is not started over another, nor resumed where there is none', async () => {
    await expect(train(options('whole'))).rejects.toMatchObject({ code: 'run-exists' });
    await expect(train(options('nowhere', { resume: true }))).rejects.toMatchObject({ code: 'run-missing' });
  });

  test('is exported as far as it came, and refused where a network is missing', async () => {
    const exported = exportRun(path.join(folder, 'whole'), tinyCohort(6));
    await expect(exported).rejects.toMatchObject({
      code: 'run-not-exportable',
      message: expect.stringContaining('has finished no epoch of the fiveType network yet'),
    });
    await expect(exportRun(folder, tinyCohort(6))).rejects.toMatchObject({ code: 'run-missing' });
  });

  test('is not exported with the name of another cohort', async () => {
    const other = { ...tinyCohort(7), studies: tinyCohort(7).studies.slice(2) };
    await expect(exportRun(path.join(folder, 'whole'), other)).rejects.toMatchObject({
      code: 'cohort-of-another-run',
      message: expect.stringContaining('of the 6 studies that it trained on 2 are not there; give --cohort'),
    });
  });

  test('records the pixels of its scans, and is not resumed on others', async () => {
    const controller = new AbortController();
    const cohort = (grey: number): Cohort => ({
      ...tinyCohort(6),
      studies: tinyCohort(6).studies.map((study) => ({
        ...study,
        storedHu: async () => new Int16Array(3 * 256 * 256).fill(grey),
      })),
    });
    const onProgress = ({ task }: ProgressEvent) => {
      if (task.startsWith('training')) controller.abort();
    };
    const stopped = train(options('pixels', { cohort: cohort(30), signal: controller.signal, onProgress }));
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const scans = path.join(folder, 'pixels', SCANS_FILE);
    expect(await readFile(scans, 'utf8')).toMatch(/^(\{"study":"tiny\/.*","sha256":"[0-9a-f]{64}"\}\n)+$/);
    await appendFile(scans, '{"study":"cut sh');
    const onOthers = train(options('pixels', { cohort: cohort(31), resume: true }));
    await expect(onOthers).rejects.toMatchObject({
      code: 'scan-changed',
      message: expect.stringMatching(/^tiny\/subject-\d-of-3-slices no longer has the pixels/),
    });
    await train(options('pixels', { cohort: cohort(30), resume: true }));
    expect((await readFile(scans, 'utf8')).trim().split('\n')).toHaveLength(6);
  });

  test('goes without the scans that cannot be read, from its beginning to its end', async () => {
    const [refused, short, ...others] = tinyCohort(6).studies as [LabelledStudy, LabelledStudy];
    const load = () => Promise.reject(new RefusedInput('study-refused', 'tiny/x: its pixels are cut short'));
    const slices = short.slices?.slice(1) ?? [];
    const cohort = { ...tinyCohort(6), studies: [{ ...refused, load }, { ...short, slices }, ...others] };
    const told: LeftOutStudy[] = [];
    const changed = {
      cohort,
      settings: { ...TINY_SETTINGS, tasks: ['twoType' as const], mostEpochs: 1 },
      preparedFolder: path.join(folder, 'prepared-anew'),
      onLeftOut: (leftOut: readonly LeftOutStudy[]) => void told.push(...leftOut),
    };
    await train(options('unreadable', changed));
    const expected = [
      { study: studyKey(refused), why: 'tiny/x: its pixels are cut short' },
      { study: studyKey(short), why: `${studyKey(short)} has 3 slices and labels for 2` },
    ];
    expect(told).toEqual(expected);
    const read = async () => JSON.parse(`${await readFile(path.join(folder, 'unreadable', SETTINGS_FILE))}`);
    const settings = await read();
    expect(settings.leftOut).toEqual(expected);
    expect([...settings.training.studies, ...settings.validation.studies].sort()).toEqual(
      others.map(studyKey).sort(),
    );
    // Whoever has mended them since goes on with the run as it is
    await train(options('unreadable', { ...changed, cohort: tinyCohort(6), resume: true }));
    expect(await read()).toEqual(settings);
  });

  test('is refused where no scan can be read, before there is anything on disk', async () => {
    const load = () => Promise.reject(new RefusedInput('study-refused', 'cut short'));
    const cohort = { ...tinyCohort(6), studies: tinyCohort(6).studies.map((study) => ({ ...study, load })) };
    const preparedFolder = path.join(folder, 'prepared-never');
    await expect(train(options('none', { cohort, preparedFolder }))).rejects.toMatchObject({
      code: 'no-scan-readable',
      message: 'none of the 6 scans can be read: cut short',
    });
    await expect(readFile(path.join(folder, 'none', SETTINGS_FILE))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  test('is not resumed with other settings', async () => {
    const file = path.join(folder, 'whole', SETTINGS_FILE);
    const before = await readFile(file, 'utf8');
    const cases: [Partial<TrainingSettings>, RegExp][] = [
      [{ rate: 1 }, /: rate was [\d.e-]+ and is 1; take/],
      [{ tasks: ['fiveType'] }, /: tasks was \["twoType"\] and is \["fiveType"\]; take/],
      [{ mostEpochs: 1 }, /the most epochs were 2 and are 1/],
    ];
    for (const [changed, told] of cases) {
      const settings = { ...TINY_SETTINGS, tasks: ['twoType' as const], ...changed };
      const other = train(options('whole', { resume: true, settings }));
      await expect(other).rejects.toMatchObject({
        code: 'checkpoint-of-another-run',
        message: expect.stringMatching(told),
      });
      expect(await readFile(file, 'utf8')).toBe(before);
    }
  });

  test('goes on for more epochs than were first asked for, and again', async () => {
    await cp(path.join(folder, 'whole'), path.join(folder, 'longer'), { recursive: true });
    for (const mostEpochs of [3, 4]) {
      const settings = { ...TINY_SETTINGS, tasks: ['twoType' as const], mostEpochs };
      const { networks } = await train(options('longer', { resume: true, settings }));
      expect(networks.twoType).toMatchObject({ epochs: mostEpochs, ended: 'most-epochs' });
    }
  });

  test('from before its settings had a fingerprint goes on, one of another version is refused by name', async () => {
    const other = path.join(folder, 'other-version');
    await cp(path.join(folder, 'whole'), other, { recursive: true });
    const file = path.join(other, SETTINGS_FILE);
    const { run, ...described } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify(described));
    const { networks } = await train(options('other-version', { resume: true }));
    expect(networks.twoType?.epochs).toBe(2);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ run });
    await writeFile(file, JSON.stringify({ ...described, settings: { ...described.settings, novel: 1 } }));
    await expect(readRunSettings(other)).rejects.toMatchObject({
      code: 'run-unreadable',
      message: expect.stringMatching(/settings\.json is not of this version .*novel.*train again/),
    });
    await writeFile(file, '{');
    await expect(readRunSettings(other)).rejects.toMatchObject({ code: 'run-unreadable' });
  });
});

test('the rate follows its schedule, after a rise', () => {
  const settings = { ...TINY_SETTINGS, rate: 1, mostEpochs: 12, warmUpEpochs: 2 };
  const rates = (schedule: TrainingSettings['schedule']) =>
    [0, 1, 2, 5, 11].map((epoch) => Number(rateOf({ ...settings, schedule }, epoch).toFixed(3)));
  expect(rates('constant')).toEqual([0.333, 0.667, 1, 1, 1]);
  expect(rates('step')).toEqual([0.333, 0.667, 1, 0.1, 0.01]);
  expect(rates('cosine')).toEqual([0.333, 0.667, 0.933, 0.629, 0.017]);
});

test('the recurrent part has a rate of its own', () => {
  const settings = { ...TINY_SETTINGS, recurrentRateFactor: 10, rate: 1e-4, schedule: 'constant' } as const;
  const of = ratesOf(formOf(settings, 'twoType'), settings);
  expect(of('twoType/cnn/conv1_1/weights')).toBe(1e-4);
  expect(of('twoType/dense/weights')).toBe(1e-4);
  expect(of('twoType/gru2/backward/hiddenWeights')).toBeCloseTo(1e-3, 12);
  expect(of('twoType/sliceHead/bias')).toBeCloseTo(1e-3, 12);
  const rival = ratesOf(formOf({ ...settings, network: '2d-vgg16' }, 'twoType'), settings);
  expect(rival('twoType/output/weights')).toBe(1e-4);
  const frozen = { ...settings.frozen, epochs: 3, fineTuningRateFactor: 0.5 };
  const ofEpoch = ofEpochs({ ...settings, frozen, startingWeights: 'ImageNet' });
  const after = ratesOf(formOf(settings, 'twoType'), ofEpoch);
  expect(after('twoType/cnn/conv1_1/weights')).toBe(5e-5);
  expect(after('twoType/gru2/backward/hiddenWeights')).toBe(5e-5);
});

test('class weights stand on the outputs of their classes', () => {
  const settings = { ...TINY_SETTINGS, positiveWeight: 2, classWeights: { anyHemorrhage: 3, epidural: 5 } };
  expect(positiveWeightsOf(settings, 'twoType')).toEqual([2, 6]);
  expect(positiveWeightsOf(settings, 'fiveType')).toEqual([2, 2, 2, 10, 2]);
});

test('a training that diverges says so, names the scan, and what to do', async () => {
  const settings = {
    ...TINY_SETTINGS,
    tasks: ['twoType' as const],
    lossWeights: { slice: 1e39, subject: 1 },
  };
  await expect(train(options('diverged', { settings }))).rejects.toMatchObject({
    code: 'training-diverged',
    message: expect.stringMatching(/the loss of tiny\/subject-.* is Infinity; give --rate below 0\.0003/),
  });
});

describe('starting weights', () => {
  const rival = {
    ...TINY_SETTINGS,
    tasks: ['twoType' as const],
    network: '2d-vgg16' as const,
    mostEpochs: 1,
  };
  const joint = { ...rival, network: 'cnn-rnn' as const, supervision: 'sub-lab+pw' as const };

  test('sub-lab+pw starts from the convolutions of a trained 2-D VGG16, and from nothing else of it', async () => {
    const { networks } = await train(options('2d', { settings: rival }));
    const start = await startFromRun(path.join(folder, '2d'), joint);
    const given = await start.of('twoType');
    expect(Object.keys(given)).toHaveLength(26);
    for (const [name, tensor] of Object.entries(given))
      expect(tensor).toEqual(networks.twoType?.weights[name]);
    const settings = { ...joint, startingWeights: start.about, rate: 1e-12 };
    const found = (await train(options('pw', { settings, start }))).networks.twoType?.weights;
    const name = 'twoType/cnn/conv5_3/weights';
    const [trained, begun] = [found?.[name]?.data as Float32Array, given[name]?.data as Float32Array];
    expect(relativeDifference(trained, begun)).toBeLessThan(1e-6);
  });

  test('a five-type network takes them from the two-type one of a run that has no other', async () => {
    const run = path.join(folder, '2d');
    const start = await startFromRun(run, { ...rival, tasks: ['fiveType'] });
    const given = await start.of('fiveType');
    const trained = await (await startFromRun(run, rival)).of('twoType');
    expect(start.about).toMatch(/^convolutions of a trained 2d-vgg16, twoType SHA-256/);
    expect(Object.entries(given)).toEqual(
      Object.entries(trained).map(([name, tensor]) => [name.replace('twoType', 'fiveType'), tensor]),
    );
  });

  test('and what is said of them are of one reading; a network that still trains gives none', async () => {
    const [run, other] = [path.join(folder, '2d'), path.join(folder, '2d-going-on')];
    await cp(run, other, { recursive: true });
    const start = await startFromRun(other, rival);
    await writeFile(path.join(other, 'twoType.best.weights'), 'changed meanwhile');
    expect(await start.of('twoType')).toEqual(await (await startFromRun(run, rival)).of('twoType'));
    const file = path.join(other, 'twoType.checkpoint');
    const { run: name } = await readPosition(file);
    const { position, state } = (await readCheckpoint(file, name)) as Checkpoint;
    const { ended: _, ...goingOn } = position;
    await writeCheckpoint(file, { position: goingOn, state });
    await expect(startFromRun(other, rival)).rejects.toMatchObject({
      code: 'start-run-going-on',
      message: expect.stringContaining('let it end, or go on with it'),
    });
  });

  test('are refused where they cannot fit', async () => {
    const run = path.join(folder, '2d');
    await expect(startFromRun(run, { ...joint, cnn: 'vgg16' })).rejects.toMatchObject({
      code: 'start-run-unlike',
    });
    await expect(startFromRun(run, { ...rival, network: '2d-googlenet' })).rejects.toMatchObject({
      code: 'start-run-unlike',
      message: expect.stringContaining('the convolutions of a GoogLeNet with'),
    });
    await expect(startFromRun(folder, joint)).rejects.toMatchObject({ code: 'run-missing' });
    await expect(startFromImageNet('vgg16.pth', joint)).rejects.toMatchObject({
      code: 'weights-for-full-width-only',
    });
    const paper = { ...joint, cnn: 'vgg16' as const };
    await expect(startFromImageNet(path.join(folder, 'none.pth'), paper)).rejects.toMatchObject({
      code: 'path-missing',
    });
  });
});

test('the paper’s preset holds the paper’s numbers', () => {
  const { paper } = TRAINING_PRESETS;
  expect(paper).toMatchObject({
    cnn: 'vgg16',
    rate: 1e-5,
    patienceEpochs: 50,
    lossWeights: { slice: 1, subject: 1 },
    augmentation: { rotationDegrees: [0, 180], scale: [0.9, 1.1], shift: 0.1, shear: 0.1 },
  });
});

test('augmentation without ranges changes nothing', () => {
  const still = { rotationDegrees: [0, 0], scale: [1, 1], shift: 0, shear: 0, flips: 0 } as const;
  const map = drawAffineMap({ ...still, rotationDegrees: [0, 0], scale: [1, 1] }, createRandom(1));
  expect(map.map((v) => v + 0)).toEqual(NO_CHANGE);
});

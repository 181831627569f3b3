import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RefusedInput, type Runtime } from '../src/base/index.ts';
import { type Cohort, type LabelledStudy, studyKey } from '../src/cohort/index.ts';
import {
  type ExperimentJob,
  type ExperimentQueue,
  type ExperimentSetting,
  experimentJobs,
  type JobResult,
  PAPER_TABLES,
  runExperiment,
  runJob,
  workOnExperiment,
  writeExperiment,
} from '../src/experiment/index.ts';
import { openDatabase, openQueue } from '../src/queue/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { TINY_SETTINGS, tinyCohort } from '../src/training/joint/training-fixture.ts';

let runtime: Runtime;
let folder: string;
let results: ReadonlyMap<string, JobResult>;
let setting: ExperimentSetting;

/** Subjects of a larger tiny cohort that the trained ones are not among. */
const strangers = (from: number, to: number): Cohort => {
  const cohort = tinyCohort(to);
  return { ...cohort, name: 'tiny strangers', studies: cohort.studies.slice(from) };
};

const UNREADABLE: LabelledStudy = {
  ...(tinyCohort(29).studies[28] as LabelledStudy),
  load: () => Promise.reject(new RefusedInput('study-refused', 'its pixels are cut short')),
};

beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-experiment-'));
  setting = {
    folder,
    settings: { ...TINY_SETTINGS, mostEpochs: 1, validationParts: 2 },
    training: tinyCohort(2 * 2),
    test: { ...strangers(4, 28), studies: [UNREADABLE, ...strangers(4, 28).studies] },
  };
  results = await runExperiment(setting, ['twoType'], { runtime });
}, 300_000);
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

describe("the paper's study on a tiny cohort", () => {
  test('trains and judges every row, those with + pw from the trained 2-D VGG16', () => {
    expect([...results.keys()]).toEqual(experimentJobs(['twoType']).map(({ id }) => id));
    for (const job of ['sub-lab-pw-twoType', 'sli-lab-pw-twoType'])
      expect(results.get(job)?.startingWeights).toMatch(/^convolutions of a trained 2d-vgg16/);
    expect(results.get('sli-lab-twoType')?.startingWeights).toBe('from scratch');
    for (const { scans } of results.values()) expect(scans).toHaveLength(24);
  });

  test('a subject of a 2-D network is as positive as its most positive slice', () => {
    for (const { subject, slices } of results.get('2d-vgg16-twoType')?.scans ?? [])
      expect(subject[0]).toBeCloseTo(Math.max(...(slices ?? []).map((row) => row[0] as number)), 5);
  });

  test("writes both tables beside the paper's, and says which runs were cut", async () => {
    const read = (name: string) => readFile(path.join(folder, name), 'utf8');
    const subjects = await read('tables/subject-level.md');
    expect(subjects.split('\n').filter((line) => line.startsWith('| ICH'))).toHaveLength(7);
    expect(subjects).toContain('| ICH | 3D VGG16 * § | 12 : 12 |');
    expect(subjects).toContain('0.94  0.95  0.93  0.96  0.98');
    // Tiny scans all have three slices, and a bleed is on the middle one
    expect(subjects).toContain('AUC of the number of slices alone, no pixel seen: ICH 0.50.');
    const slices = await read('tables/slice-level.md');
    expect(slices).toMatch(/middle of its scan alone, no pixel seen: ICH 0\.90\./);
    expect(slices.split('\n').filter((line) => line.startsWith('| ICH'))).toHaveLength(4);
    const pairs = (await read('tables/network-pairs.md'))
      .split('\n')
      .filter((line) => line.startsWith('| Any'));
    expect(pairs.filter((line) => line.includes('| subject |'))).toHaveLength(6);
    expect(pairs.filter((line) => line.includes('| slice |'))).toHaveLength(3);
    expect(pairs[0]).toMatch(/\| CNN-RNN \(Sub-Lab\) \| 24 \|/);
    const trainings = await read('tables/trainings.md');
    expect(trainings).toContain('cut at the epoch cap before its patience ended');
    expect(trainings).toContain(
      '7 of 14 trainings finished. Not finished, and so in no table: sli-lab-fiveType,',
    );
    const page = await read('experiment.html');
    expect(page).toContain('<svg');
    expect(page).toContain(`Left out, 1 of the scans:</p><ul><li>${studyKey(UNREADABLE)}: its pixels`);
  });

  test('a finished job is found, not trained again', async () => {
    const file = path.join(folder, 'jobs', 'sli-lab-twoType', 'twoType.checkpoint');
    const before = (await stat(file)).mtimeMs;
    const again = await runExperiment(setting, ['twoType'], { runtime });
    expect(again).toEqual(results);
    expect((await stat(file)).mtimeMs).toBe(before);
  });
});

test('without ImageNet weights a five-type network starts from its two-type one where that is wished, and is marked', async () => {
  const chained = { ...setting, fiveTypeFromTwoType: true };
  const tasks = ['twoType', 'fiveType'] as const;
  const jobs = new Map(experimentJobs(tasks, chained).map((job) => [job.id, job]));
  expect(jobs.get('3d-vgg16-fiveType')?.after).toBe('3d-vgg16-twoType');
  expect(jobs.get('sub-lab-pw-fiveType')?.after).toBe('2d-vgg16-fiveType');
  expect(jobs.get('3d-vgg16-twoType')?.after).toBeUndefined();
  const job = jobs.get('2d-googlenet-fiveType') as ExperimentJob;
  expect((await runJob(chained, job, { runtime })).startingWeights).toMatch(
    /^convolutions of a trained 2d-googlenet, twoType SHA-256 [0-9a-f]{64}$/,
  );
  await writeExperiment(chained);
  const subjects = await readFile(path.join(folder, 'tables', 'subject-level.md'), 'utf8');
  expect(subjects).toContain('| SAH | GoogleNet * ‡ |');
});

test('through a queue: the jobs that follow another are added when it is finished', async () => {
  const database = await openDatabase(path.join(folder, 'queue'));
  const queue: ExperimentQueue = await openQueue(database, { kind: 'experiment-paper' });
  expect(await workOnExperiment(setting, ['twoType'], { runtime }, queue)).toEqual(results);
  const done = (await queue.states()).filter(({ state }) => state === 'done').map(({ id }) => id);
  expect(done.sort()).toEqual(
    experimentJobs(['twoType'])
      .map(({ id }) => id)
      .sort(),
  );
  await queue.close();
  await database.close();
}, 60_000);

describe('where a job fails', { timeout: 120_000 }, () => {
  let broken: ExperimentSetting;
  let blocked: string;
  const jobIn = (id: string) => path.join(broken.folder, 'jobs', id);
  beforeAll(async () => {
    broken = { ...setting, folder: path.join(folder, 'broken') };
    await cp(path.join(folder, 'jobs'), path.join(broken.folder, 'jobs'), { recursive: true });
    for (const id of ['2d-vgg16', 'sub-lab-pw', 'sli-lab-pw', '2d-googlenet'])
      await rm(jobIn(`${id}-twoType`), { recursive: true });
    blocked = jobIn('2d-vgg16-twoType');
    await writeFile(blocked, 'no folder can be made here');
  });
  const FAILED =
    /^1 jobs failed: 2d-vgg16-twoType: .*; not begun, for what they start from: sub-lab-pw-twoType, sli-lab-pw-twoType; all others/;

  test('the others are finished, and those that start from it are named', async () => {
    await expect(runExperiment(broken, ['twoType'], { runtime })).rejects.toMatchObject({
      code: 'jobs-failed',
      message: expect.stringMatching(FAILED),
    });
    expect(existsSync(path.join(jobIn('2d-googlenet-twoType'), 'result.json'))).toBe(true);
    const trainings = await readFile(path.join(broken.folder, 'tables', 'trainings.md'), 'utf8');
    expect(trainings).toContain('| 2d-googlenet-twoType |');
  });

  test('through a queue as well, and the same command tries them again', async () => {
    const database = await openDatabase(path.join(broken.folder, 'queue'));
    const queue: ExperimentQueue = await openQueue(database, { kind: 'experiment-paper', tries: 1 });
    const work = () => workOnExperiment(broken, ['twoType'], { runtime }, queue);
    await expect(work()).rejects.toMatchObject({
      code: 'jobs-failed',
      message: expect.stringMatching(FAILED),
    });
    await rm(blocked);
    expect((await work()).size).toBe(7);
    await queue.close();
    await database.close();
  });
});

describe('a worker whose queue', () => {
  const queueThat = (work: ExperimentQueue['work']): ExperimentQueue => ({
    add: async () => undefined,
    work,
    states: async () => [],
    close: async () => undefined,
  });

  test('gives nothing more says what is not finished', async () => {
    const nothing = queueThat(async () => undefined);
    await expect(workOnExperiment(setting, ['fiveType'], { runtime }, nothing)).rejects.toMatchObject({
      code: 'jobs-unfinished',
      message: expect.stringContaining('sli-lab-fiveType'),
    });
  });

  test('gives a job of the other task knows it', async () => {
    const job = '2d-googlenet-twoType';
    const given = queueThat(async (handler) => {
      expect(await handler({ id: job, payload: { job } }, new AbortController().signal)).toEqual({ job });
    });
    const work = workOnExperiment(setting, ['fiveType'], { runtime }, given);
    await expect(work).rejects.toMatchObject({ code: 'jobs-unfinished' });
  });

  test('is idle says that it was stopped', async () => {
    const stop = new AbortController();
    const idle = queueThat(async () => stop.abort(new Error('Ctrl-C')));
    const context = { runtime, signal: stop.signal };
    await expect(workOnExperiment(setting, ['twoType'], context, idle)).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

test("the paper's tables are whole: six classes of six rows, and of three", () => {
  expect(PAPER_TABLES.subject).toHaveLength(36);
  expect(PAPER_TABLES.slice).toHaveLength(18);
  for (const { printed } of [...PAPER_TABLES.subject, ...PAPER_TABLES.slice]) expect(printed).toHaveLength(5);
});

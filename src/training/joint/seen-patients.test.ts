import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RefusedInput, type Runtime } from '../../base/index.ts';
import { type Cohort, type LabelledStudy, studyKey, validationFrom } from '../../cohort/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { readRunStudies } from './run-folder.ts';
import { refuseSeenPatients } from './seen-patients.ts';
import type { TrainingSettings } from './settings.ts';
import { startFromRun } from './starting-weights.ts';
import { type TrainOptions, train } from './train.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-seen-'));
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

const settings: TrainingSettings = {
  ...TINY_SETTINGS,
  network: '2d-googlenet',
  cnn: 'compact-vgg16-128',
  mostEpochs: 1,
  tasks: ['twoType'],
};
/** Its last healthy scan cannot be read. */
const whole = tinyCohort(12);
const cohort: Cohort = {
  ...whole,
  studies: whole.studies.map((study, i) =>
    i === 11
      ? { ...study, load: () => Promise.reject(new RefusedInput('study-refused', 'cut short')) }
      : study,
  ),
};
const options = (name: string, changed: Partial<TrainOptions> = {}): TrainOptions => ({
  runtime,
  settings,
  cohort,
  folder: path.join(folder, name),
  preparedFolder: path.join(folder, 'prepared'),
  resume: false,
  ...changed,
});
const keys = (studies: readonly LabelledStudy[]) => studies.map(studyKey);

test('who says when to stop is drawn before anybody is left out: each network keeps the same patients', async () => {
  await train(options('two'));
  const drawn = validationFrom(whole.studies, settings);
  const { training, validation } = (await readRunStudies(path.join(folder, 'two'))) ?? {};
  const unreadable = studyKey(whole.studies[11] as LabelledStudy);
  expect([...(training ?? []), ...(validation ?? [])]).not.toContain(unreadable);
  expect(validation).toEqual(keys(drawn.validation).filter((key) => key !== unreadable));
  expect(training).toEqual(keys(drawn.training).filter((key) => key !== unreadable));
});

test('a run gives no convolutions to one whose unseen patients it has seen', async () => {
  const five: TrainingSettings = { ...settings, tasks: ['fiveType'] };
  const start = await startFromRun(path.join(folder, 'two'), five);
  const from = (changed: Partial<TrainOptions>) =>
    train(options('five', { settings: { ...five, startingWeights: start.about }, start, ...changed }));
  const { training, validation } = validationFrom(whole.studies, settings);
  const [trained] = training as [LabelledStudy];
  const [stopped] = validation as [LabelledStudy];
  const refusal = { code: 'start-run-saw', message: expect.stringContaining('the first is tiny/') };
  await expect(from({ validationPatients: [`tiny/${trained.patient}`] })).rejects.toMatchObject(refusal);
  await expect(from({ test: [stopped] })).rejects.toMatchObject(refusal);
  // Another scan of a patient that it trained on
  await expect(from({ test: [{ ...trained, study: 'later' }] })).rejects.toMatchObject(refusal);
  await expect(readFile(path.join(folder, 'five', 'settings.json'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
  const { networks } = await from({ test: [{ ...trained, patient: 'new', study: 'new' }] });
  expect(networks.fiveType?.epochs).toBe(1);
});

test('weights of which nobody knows who was seen are taken', () => {
  const start = { about: 'ImageNet', of: async () => ({}) };
  const { studies } = whole;
  expect(() => refuseSeenPatients(start, studies, { validation: studies, test: studies })).not.toThrow();
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimExperiment, type ExperimentSetting } from '../src/experiment/index.ts';
import { TINY_SETTINGS, tinyCohort } from '../src/training/joint/training-fixture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-experiment-'));
});
afterAll(() => rm(folder, { recursive: true }));

const settingIn = (name: string): ExperimentSetting => ({
  folder: path.join(folder, name),
  settings: TINY_SETTINGS,
  training: tinyCohort(4),
  test: tinyCohort(6),
});

test('a folder keeps its id, another has another: each experiment has a queue of its own', async () => {
  const id = await claimExperiment(settingIn('first'));
  expect(await claimExperiment(settingIn('first'))).toBe(id);
  expect(await claimExperiment(settingIn('second'))).not.toBe(id);
});

test('other settings or scans are refused: their results would stand in one table', async () => {
  const setting = settingIn('kept');
  await claimExperiment(setting);
  const others: Partial<ExperimentSetting>[] = [
    { settings: { ...TINY_SETTINGS, rate: 1e-5 } },
    { training: tinyCohort(3) },
    { test: tinyCohort(5) },
    { imageNet: { vgg16: 'vgg16.pth' } },
    { fiveTypeFromTwoType: true },
  ];
  for (const other of others)
    await expect(claimExperiment({ ...setting, ...other })).rejects.toMatchObject({
      code: 'experiment-exists',
    });
});

test('an identity that cannot be read is refused by name', async () => {
  const setting = settingIn('damaged');
  await claimExperiment(setting);
  await writeFile(path.join(setting.folder, 'experiment.json'), '{"schema":');
  await expect(claimExperiment(setting)).rejects.toMatchObject({ code: 'experiment-unreadable' });
});

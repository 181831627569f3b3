import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimExperiment, type ExperimentSetting } from '../src/experiment/index.ts';
import { IMAGENET_PLANS } from '../src/pretrained/index.ts';
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
    { fiveTypeFromTwoType: true },
    { validationPatients: ['tiny/subject-0-of-3-slices'] },
  ];
  for (const other of others)
    await expect(claimExperiment({ ...setting, ...other })).rejects.toMatchObject({
      code: 'experiment-exists',
    });
});

test('workers that start together agree', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => claimExperiment(settingIn('together'))));
  expect(new Set(ids).size).toBe(1);
  expect(await readdir(path.join(folder, 'together'))).toEqual(['experiment.json']);
});

test('ImageNet files are read before the folder is claimed', async () => {
  const setting = settingIn('imagenet');
  const vgg16 = path.join(folder, 'vgg16.safetensors');
  const full: ExperimentSetting = {
    ...setting,
    settings: { ...TINY_SETTINGS, cnn: 'vgg16' },
    imageNet: { vgg16 },
  };
  await expect(claimExperiment(full)).rejects.toMatchObject({ code: 'path-missing' });
  await writeFile(vgg16, vgg16File(0));
  await expect(claimExperiment({ ...full, settings: TINY_SETTINGS })).rejects.toMatchObject({
    code: 'weights-for-full-width-only',
  });
  await expect(claimExperiment({ ...full, imageNet: { googlenet: vgg16 } })).rejects.toMatchObject({
    code: 'weights-mismatch',
  });
  expect(existsSync(setting.folder)).toBe(false);
  const id = await claimExperiment(full);
  expect(await claimExperiment(full)).toBe(id);
  await writeFile(vgg16, vgg16File(1));
  await expect(claimExperiment(full)).rejects.toMatchObject({ code: 'experiment-exists' });
});

/** Every convolution of torchvision's VGG16, all of one value, as safetensors. */
function vgg16File(value: number): Uint8Array {
  const channels = [
    [3, 64],
    [64, 64],
    [64, 128],
    [128, 128],
    [128, 256],
    [256, 256],
    [256, 256],
    [256, 512],
    [512, 512],
    [512, 512],
    [512, 512],
    [512, 512],
    [512, 512],
  ] as const;
  let at = 0;
  const header: Record<string, object> = {};
  for (const [i, { theirs }] of IMAGENET_PLANS.vgg16.layers.entries()) {
    const [inputs, outputs] = channels[i] as readonly [number, number];
    for (const [name, shape] of [
      ['weight', [outputs, inputs, 3, 3]],
      ['bias', [outputs]],
    ] as const) {
      const bytes = 4 * shape.reduce((a, b) => a * b);
      header[`${theirs}.${name}`] = { dtype: 'F32', shape, data_offsets: [at, at + bytes] };
      at += bytes;
    }
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.from(new Float32Array(at / 4).fill(value).buffer)]);
}

test('an identity that cannot be read is refused by name', async () => {
  const setting = settingIn('damaged');
  await claimExperiment(setting);
  await writeFile(path.join(setting.folder, 'experiment.json'), '{"schema":');
  await expect(claimExperiment(setting)).rejects.toMatchObject({ code: 'experiment-unreadable' });
});

test('a store is refused where the head is cropped, before the folder is claimed', async () => {
  const setting = settingIn('stored');
  const stored = setting.training.studies.map((study) => ({
    ...study,
    storedHu: async () => new Int16Array(0),
  }));
  const ofStore = { ...setting, training: { ...setting.training, studies: stored } };
  const cropping = { ...ofStore, settings: { ...TINY_SETTINGS, preprocessing: 'head' as const } };
  await expect(claimExperiment(cropping)).rejects.toMatchObject({
    code: 'store-form',
    message: expect.stringContaining('Give the data set itself'),
  });
  expect(existsSync(setting.folder)).toBe(false);
  await claimExperiment(ofStore);
});

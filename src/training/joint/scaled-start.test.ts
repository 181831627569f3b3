import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, floatsOf, type Runtime } from '../../base/index.ts';
import { initialiseWeights, type Weights } from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { NO_CHANGE } from '../common/affine-map.ts';
import { createPreparation } from '../preparation.ts';
import { trainingGraphs } from './graphs.ts';
import { scaleToScans } from './scaled-start.ts';
import { mapTensor, paddedScan, rows, run } from './scan-chunks.ts';
import { loadScan, type Scan } from './scans.ts';
import { TRAINING_PRESETS, type TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';
import { tinyCohort } from './training-fixture.ts';

const QUICK = TRAINING_PRESETS.quick as TrainingSettings;
let runtime: Runtime;
let folder: string;
let scans: Scan[];
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-scaled-start-'));
  const preparation = await createPreparation(runtime, folder, { preprocessing: 'head' });
  scans = await Promise.all(tinyCohort(2).studies.map((study) => loadScan(study, preparation)));
  await preparation.close();
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

/** Mean and variance of each channel over all the scans, of what enters a layer's ReLU. */
async function momentsOf(settings: TrainingSettings, layer: number, weights: Weights) {
  const isWhole = settings.network === '3d-vgg16';
  const seen = isWhole ? scans.map(paddedScan) : scans;
  const graph = trainingGraphs(formOf(settings, 'twoType'), 'cpu').rectified(isWhole ? 32 : 'slices')[layer];
  const session = await runtime.load(graph?.moments() as Uint8Array, { name: 'moments' });
  const found = await Promise.all(
    seen.map(({ prepared }) => run(session, { ...weights, prepared, map: mapTensor(NO_CHANGE) })),
  );
  await session.close();
  const over = (name: string) => (_: unknown, channel: number) =>
    found.reduce((sum, one) => sum + at(floatsOf(one, name), channel), 0) / found.length;
  const means = [...floatsOf(at(found, 0), 'mean')].map(over('mean'));
  const squares = means.map(over('meanSquare'));
  return { means, variances: squares.map((square, i) => square - (means[i] as number) ** 2) };
}

// The first, one between and the dense layer
test.each([
  ['2d-vgg16', [0, 6, 13]],
  ['2d-googlenet', [0, 20, 56]],
  ['3d-vgg16', [0, 13]],
] as const)(
  'what enters the ReLUs of %s has mean 0 and variance 1 over the scans',
  async (network, layers) => {
    const settings: TrainingSettings = { ...QUICK, network, chunk: 2 };
    const drawn = initialiseWeights(formOf(settings, 'twoType').specs, 1);
    const scaled = await scaleToScans(runtime, formOf(settings, 'twoType'), scans, drawn, {});
    for (const layer of layers) {
      const { means, variances } = await momentsOf(settings, layer, scaled);
      expect(means).toBeAllClose(Array(means.length).fill(0), { absolute: 2e-3 });
      expect(variances).toBeAllClose(Array(means.length).fill(1), { absolute: 5e-3 });
    }
  },
);

test('layers that were given stay as they are, the others are scaled behind them', async () => {
  const settings: TrainingSettings = { ...QUICK, network: '2d-vgg16' };
  const drawn = initialiseWeights(formOf(settings, 'twoType').specs, 1);
  const given = Object.fromEntries(Object.entries(drawn).filter(([name]) => name.includes('/cnn/')));
  const scaled = await scaleToScans(runtime, formOf(settings, 'twoType'), scans, drawn, given);
  for (const name of Object.keys(given)) expect(scaled[name]).toBe(drawn[name]);
  const { means, variances } = await momentsOf(settings, 13, scaled);
  expect(means).toBeAllClose(Array(means.length).fill(0), { absolute: 2e-3 });
  expect(variances).toBeAllClose(Array(means.length).fill(1), { absolute: 5e-3 });
});

test('a layer that sees one row only has no variance to scale, and stays as it is', async () => {
  const settings: TrainingSettings = { ...QUICK, network: '2d-vgg16' };
  const drawn = initialiseWeights(formOf(settings, 'twoType').specs, 1);
  const [scan] = scans as [Scan];
  const slice = { ...scan, slices: 1, prepared: rows(scan.prepared, 1, 2) };
  const scaled = await scaleToScans(runtime, formOf(settings, 'twoType'), [slice], drawn, {});
  expect(scaled['twoType/cnn/conv1_1/weights']).not.toEqual(drawn['twoType/cnn/conv1_1/weights']);
  for (const name of ['twoType/dense/weights', 'twoType/dense/bias'])
    expect(scaled[name]).toEqual(drawn[name]);
});

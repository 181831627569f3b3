import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, HEMORRHAGE_CLASSES, type Runtime } from '../base/index.ts';
import {
  COMPACT_SETTINGS,
  exportModel,
  hashWeights,
  MOBILENET_SETTINGS,
  MODEL_SCHEMA,
  type ModelCard,
  type NetworkSettings,
  parametersOf,
  readModel,
} from '../network/index.ts';
import { createRuntime } from '../runtime/index.ts';
import type { Volume } from '../volume/index.ts';
import { createPredictor } from './predictor.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
});
afterAll(() => runtime.close());

const cardOf = (network: NetworkSettings): ModelCard => ({
  schema: MODEL_SCHEMA,
  name: 'hash weights',
  description: 'untrained',
  intendedUse: 'tests',
  classes: HEMORRHAGE_CLASSES.map(({ name }) => name),
  operatingPoint: 0.5,
  network,
  differencesFromPaper: [],
  training: {},
  data: [],
  performance: [],
  limits: [],
  licence: 'Apache-2.0',
  attribution: [],
});

/** A ring of bone around noisy tissue, off the centre: enough for a frame to be found. */
function volumeOf(slices: number, rows: number, columns: number): Volume {
  const random = createRandom(5);
  const hu = Int16Array.from({ length: slices * rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns) % rows, i % columns];
    const radius = Math.hypot(row - rows * 0.55, column - columns * 0.45);
    if (radius > columns * 0.35) return -1000;
    return radius > columns * 0.31 ? 1000 : Math.round(random.normal(35, 8));
  });
  return {
    hu,
    slices,
    rows,
    columns,
    geometry: {
      pixelSpacingMm: { row: 0.5, column: 0.5 },
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      imagePositionsPatient: Array.from({ length: slices }, (_, i) => [0, 0, 5 * i] as const),
      sliceSpacingMm: 5,
      gantryTiltDegrees: 0,
      orientationKnown: true,
    },
  };
}

test.each([
  ['mobilenet-v1, cropped, one CNN', MOBILENET_SETTINGS, {}],
  ["compact VGG16, the paper's preprocessing, two CNNs", COMPACT_SETTINGS, {}],
  ['no room to keep maps in', COMPACT_SETTINGS, { keptMapBytes: 0 }],
] as const)('chunks give the numbers of the whole file: %s', async (_, settings, memory) => {
  const bytes = exportModel(cardOf(settings), hashWeights(parametersOf(settings)));
  const model = readModel(bytes, 'test.onnx');
  const volume = volumeOf(11, 300, 320);
  const predictor = createPredictor(model, runtime, memory);
  const findings = await predictor.predict(volume, { operatingPoint: 0 });
  await predictor.close();
  const session = await runtime.load(bytes);
  const whole = await session.run({ hu: { element: 'int16', shape: [11, 300, 320], data: volume.hu } });
  await session.close();
  const values = (name: string) => whole[name]?.data as Float32Array;
  const names = HEMORRHAGE_CLASSES.map((c) => c.name);
  expect(names.map((n) => findings.subject[n])).toBeAllClose([...values('subjectProbabilities')], {
    absolute: 1e-5,
  });
  expect(findings.slices.flatMap((s) => names.map((n) => s[n]))).toBeAllClose(
    [...values('sliceProbabilities')],
    {
      absolute: 1e-5,
    },
  );
  const maps = values('heatMaps');
  for (const [c, name] of names.entries()) {
    const found = findings.heatMaps[name] as Float32Array;
    for (let slice = 0; slice < 11; slice++) {
      const expected = maps.subarray((slice * 6 + c) * 256, (slice * 6 + c + 1) * 256);
      expect([...found.subarray(slice * 256, (slice + 1) * 256)]).toBeAllClose([...expected], {
        absolute: 1e-4,
      });
    }
  }
  expect(whole.heatMapsAtSliceSize?.shape).toEqual([11, 300, 320]);
  // Inside of the frame lies what the 16 x 16 map says; the frame holds the head
  const { frame } = findings;
  if (settings.preprocessing === 'head') {
    expect(frame.columnStart).toBeLessThan(320 * 0.12);
    expect(frame.columnStart + frame.columnSize).toBeGreaterThan(320 * 0.78);
    expect(frame.rowSize).toBeCloseTo(frame.columnSize, 3);
  }
});

test('a file of another kind is refused with what was expected', () => {
  expect(() => readModel(Uint8Array.of(1, 2, 3), 'x.onnx')).toThrow(
    /x\.onnx.*expected a model file of Ichor/,
  );
});

test('a negative subject is not asked for subtypes', async () => {
  const bytes = exportModel(cardOf(COMPACT_SETTINGS), hashWeights(parametersOf(COMPACT_SETTINGS)));
  const predictor = createPredictor(readModel(bytes, 'test.onnx'), runtime);
  const findings = await predictor.predict(volumeOf(3, 128, 128), { operatingPoint: 1, heatMaps: false });
  await predictor.close();
  expect(findings.positive).toBe(false);
  expect(Object.keys(findings.subject)).toEqual(['anyHemorrhage']);
  expect(findings.heatMaps).toEqual({});
});

test('where no part could be loaded, closing is no second fault', async () => {
  const bytes = exportModel(cardOf(COMPACT_SETTINGS), hashWeights(parametersOf(COMPACT_SETTINGS)));
  const withoutMemory: Runtime = { ...runtime, load: () => Promise.reject(new Error('no memory')) };
  const predictor = createPredictor(readModel(bytes, 'test.onnx'), withoutMemory);
  const predicting = predictor.predict(volumeOf(3, 128, 128));
  const closing = predictor.close();
  await expect(predicting).rejects.toThrow('no memory');
  await expect(closing).resolves.toBeUndefined();
});

test('two volumes at once on one model have the numbers of one after the other', async () => {
  const model = readModel(
    exportModel(cardOf(MOBILENET_SETTINGS), hashWeights(parametersOf(MOBILENET_SETTINGS))),
    'test.onnx',
  );
  await using predictor = createPredictor(model, runtime);
  const volumes = [volumeOf(11, 300, 320), volumeOf(5, 256, 256)];
  const together = await Promise.all(
    volumes.map((volume) => predictor.predict(volume, { operatingPoint: 0 })),
  );
  for (const [i, volume] of volumes.entries()) {
    const alone = await predictor.predict(volume, { operatingPoint: 0 });
    expect(together[i]).toEqual(alone);
  }
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom, HEMORRHAGE_CLASSES, type Runtime } from '../base/index.ts';
import { extractSubgraph } from '../graph/index.ts';
import {
  COMPACT_SETTINGS,
  exportModel,
  hashWeights,
  MOBILENET_SETTINGS,
  MODEL_PORTS,
  MODEL_SCHEMA,
  type ModelCard,
  mapSideOf,
  type NetworkSettings,
  parametersOf,
  readModel,
  slicesPerSlab,
} from '../network/index.ts';
import { createRuntime } from '../runtime/index.ts';
import { storedSlices, turnOf, uprightSlices, type Volume } from '../volume/index.ts';
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

/** The file as one graph; cut at its inputs, so that one which may be left out is fed. */
async function runWhole(bytes: Uint8Array, { hu, slices, rows, columns }: Volume, perSlab: number) {
  const { heatMaps, heatMapsAtSliceSize, slices: ofSlices, subject, slicesPerSlab: port } = MODEL_PORTS;
  const outputs = [subject, ofSlices, heatMaps, heatMapsAtSliceSize];
  const file = perSlab === 1 ? bytes : extractSubgraph(bytes, [MODEL_PORTS.hu, port], outputs);
  const session = await runtime.load(file);
  const shape = [slices, rows, columns];
  const results = await session.run({
    hu: { element: 'int16', shape, data: hu },
    ...(perSlab > 1 && { [port]: { element: 'int64', shape: [], data: BigInt64Array.of(BigInt(perSlab)) } }),
  });
  await session.close();
  return results;
}

test.each([
  ['mobilenet-v1, cropped, one CNN', MOBILENET_SETTINGS, {}],
  ["compact VGG16, the paper's preprocessing, two CNNs", COMPACT_SETTINGS, {}],
  ['no room to keep maps in', COMPACT_SETTINGS, { keptMapBytes: 0 }],
  ['finer images, maps of 20 x 20', { ...MOBILENET_SETTINGS, imageSide: 320 }, {}],
  ['coarser ones, all of the maps of 8 x 8 read', { ...COMPACT_SETTINGS, imageSide: 128 }, {}],
  ['slabs of two slices, the last of one', { ...MOBILENET_SETTINGS, slabMm: 10 }, { keptMapBytes: 0 }],
] as const)('chunks give the numbers of the whole file: %s', async (_, settings, memory) => {
  const bytes = exportModel(cardOf(settings), hashWeights(parametersOf(settings)));
  const model = readModel(bytes, 'test.onnx');
  const volume = volumeOf(11, 300, 320);
  const predictor = createPredictor(model, runtime, memory);
  const findings = await predictor.predict(volume, { operatingPoint: 0 });
  await predictor.close();
  const whole = await runWhole(bytes, volume, slicesPerSlab(settings, 5));
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
  const side = mapSideOf(settings);
  expect(whole.heatMaps?.shape).toEqual([11, 6, side, side]);
  const size = side ** 2;
  for (const [c, name] of names.entries()) {
    const found = findings.heatMaps[name] as Float32Array;
    for (let slice = 0; slice < 11; slice++) {
      const expected = maps.subarray((slice * 6 + c) * size, (slice * 6 + c + 1) * size);
      expect([...found.subarray(slice * size, (slice + 1) * size)]).toBeAllClose([...expected], {
        absolute: 1e-4,
      });
    }
  }
  expect(whole.heatMapsAtSliceSize?.shape).toEqual([11, 300, 320]);
  // Inside of the frame lies what the map says; the frame holds the head
  const { frame } = findings;
  if (settings.preprocessing === 'head') {
    expect(frame.columnStart).toBeLessThan(320 * 0.12);
    expect(frame.columnStart + frame.columnSize).toBeGreaterThan(320 * 0.78);
    expect(frame.rowSize).toBeCloseTo(frame.columnSize, 3);
  }
});

describe('a series of thin slices', () => {
  const SLABS: NetworkSettings = { ...MOBILENET_SETTINGS, slabMm: 5 };
  const bytesOf = (settings: NetworkSettings) =>
    exportModel(cardOf(settings), hashWeights(parametersOf(settings)));
  const ask = async (settings: NetworkSettings, volume: Volume) => {
    await using predictor = createPredictor(readModel(bytesOf(settings), 'test.onnx'), runtime);
    return predictor.predict(volume, { operatingPoint: 0 });
  };
  const thick = volumeOf(5, 128, 128);
  const size = 128 ** 2;
  /** Every slice twice, half as thick. */
  const thin: Volume = {
    ...thick,
    slices: 10,
    hu: Int16Array.from({ length: 10 * size }, (_, i) => {
      const slice = Math.floor(i / size / 2);
      return thick.hu[slice * size + (i % size)] ?? 0;
    }),
    geometry: { ...thick.geometry, sliceSpacingMm: 2.5 },
  };

  test('is seen as slabs: a slab of two equal slices is the slice, and its answer that of both', async () => {
    const [ofThin, ofThick] = [await ask(SLABS, thin), await ask(SLABS, thick)];
    expect(ofThin.subject).toEqual(ofThick.subject);
    expect(ofThin.slices).toEqual(ofThick.slices.flatMap((slice) => [slice, slice]));
    const mapsOf = (findings: typeof ofThin) => [...(findings.heatMaps.anyHemorrhage ?? [])];
    const map = (slice: number) => mapsOf(ofThick).slice(256 * slice, 256 * (slice + 1));
    expect(mapsOf(ofThin)).toEqual(Array.from({ length: 10 }, (_, i) => map(Math.floor(i / 2))).flat());
  });

  test('that is one slab has an answer; one whose spacing is unknown is seen as it is', async () => {
    const all = { ...thin, geometry: { ...thin.geometry, sliceSpacingMm: 0.5 } };
    const { slices } = await ask(SLABS, all);
    expect(new Set(slices.map(({ anyHemorrhage }) => anyHemorrhage)).size).toBe(1);
    expect(slicesPerSlab(SLABS, Number.NaN)).toBe(1);
    expect(slicesPerSlab(SLABS, 0)).toBe(1);
    expect(slicesPerSlab(MOBILENET_SETTINGS, 0.625)).toBe(1);
    expect([0.625, 1.25, 2.5, 5, 10].map((mm) => slicesPerSlab(SLABS, mm))).toEqual([8, 4, 2, 1, 1]);
  });

  test('is seen slice by slice by another program that leaves the input out', async () => {
    const [own, plain] = [SLABS, MOBILENET_SETTINGS].map(bytesOf);
    if (own === undefined || plain === undefined) throw new Error('no file');
    const [slabs, slices] = [await runWhole(own, thick, 1), await runWhole(plain, thick, 1)];
    for (const port of ['subjectProbabilities', 'sliceProbabilities', 'heatMaps'])
      expect([...(slabs[port]?.data ?? [])].map(Number)).toBeAllClose(
        [...(slices[port]?.data ?? [])].map(Number),
        { absolute: 1e-5 },
      );
  });
});

test('slices stored turned are predicted as upright ones, and their maps lie as they are stored', async () => {
  const model = readModel(
    exportModel(cardOf(MOBILENET_SETTINGS), hashWeights(parametersOf(MOBILENET_SETTINGS))),
    'test.onnx',
  );
  const upright = volumeOf(3, 128, 160);
  const grid = { rows: 160, columns: 128 };
  const geometry = { ...upright.geometry, rowDirection: [0, -1, 0], columnDirection: [1, 0, 0] } as const;
  const turn = turnOf(geometry);
  if (turn === undefined) throw new Error('a turn was expected');
  const stored = { ...upright, ...grid, geometry, hu: storedSlices(upright.hu, grid, turn) };
  await using predictor = createPredictor(model, runtime);
  const options = { operatingPoint: 0 };
  const expected = await predictor.predict(upright, options);
  const found = await predictor.predict(stored, options);
  expect(found.subject).toEqual(expected.subject);
  expect(found.slices).toEqual(expected.slices);
  const maps = found.heatMaps.anyHemorrhage ?? new Float32Array();
  expect(maps).not.toEqual(expected.heatMaps.anyHemorrhage);
  expect(uprightSlices(maps, { rows: 16, columns: 16 }, turn)).toEqual(expected.heatMaps.anyHemorrhage);
  const { rowStart, rowSize, columnStart, columnSize } = expected.frame;
  expect(found.frame.rowStart).toBeCloseTo(columnStart, 4);
  expect(found.frame.rowSize).toBeCloseTo(columnSize, 4);
  expect(found.frame.columnStart).toBeCloseTo(128 - rowStart - rowSize, 4);
  expect(found.frame.columnSize).toBeCloseTo(rowSize, 4);
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

import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { recalibrate } from '../src/base/index.ts';
import { fitCalibration, readOpinions } from '../src/evaluation/index.ts';
import { type Model, readModel, type StoredCalibration, withCard } from '../src/network/index.ts';
import { createPrediction, type PredictionParts } from '../src/prediction/index.ts';
import { simulatedOpinions } from './support/simulated-opinions.ts';

const bundled = new URL('../models/default.onnx', import.meta.url);
const opinions = await readOpinions(Readable.from([simulatedOpinions({ studies: 300, slices: 2, seed: 4 })]));

async function calibratedModel(calibration: readonly StoredCalibration[]): Promise<Model> {
  const model = readModel(new Uint8Array(await readFile(bundled)), 'default.onnx');
  const bytes = withCard(model, { ...model.card, calibration: [...calibration] });
  return readModel(bytes, 'calibrated.onnx');
}

test('a map for each class that can be fitted travels in the model file; the others are named', async () => {
  const { stored, left } = fitCalibration(opinions, { kind: 'platt', reader: 'model', set: 'validation' });
  expect(stored).toHaveLength(4);
  expect(left).toEqual([
    'Any hemorrhage: the classes are separated: no finite map follows them',
    'Epidural: 3 positive and 61 negative subjects, at least 10 of each are needed',
  ]);
  const { card } = await calibratedModel(stored);
  expect(card.calibration).toEqual(stored);
  for (const map of stored) expect(recalibrate(map, map.impliedThreshold)).toBeCloseTo(0.5, 10);
});

test('a prediction carries the calibrated probability beside the plain one, which alone decides', async () => {
  const map = {
    kind: 'platt',
    slope: 0.5,
    intercept: -2,
    impliedThreshold: 0.98,
    fittedOn: 'a test',
  } as const;
  const { card } = await calibratedModel([{ class: 'anyHemorrhage', ...map }]);
  const parts = {
    ...NEGLIGIBLE_PARTS,
    model: { name: card.name, sha256: '0', ...(card.calibration && { calibration: card.calibration }) },
    findings: {
      subject: { anyHemorrhage: 0.8 },
      positive: true,
      operatingPoint: 0.5,
      slices: [{}],
      heatMaps: {},
    },
  } as unknown as PredictionParts;
  const { anyHemorrhage, subtypes } = createPrediction(parts);
  expect(anyHemorrhage.positive).toBe(true);
  expect(anyHemorrhage.calibrated).toBeCloseTo(1 / (1 + Math.exp(2 - 0.5 * Math.log(4))), 6);
  expect(subtypes?.epidural.calibrated).toBeUndefined();
});

/** A study of one slice, as little of it as a prediction takes. */
const NEGLIGIBLE_PARTS = {
  study: {
    study: { source: 'nifti', name: 'one' },
    series: { description: '', slices: 1, rows: 1, columns: 1 },
    checks: [],
    slices: [{ positionMm: 0 }],
    volume: {
      geometry: {
        pixelSpacingMm: { row: 1, column: 1 },
        sliceSpacingMm: 5,
        gantryTiltDegrees: 0,
        rowDirection: [1, 0, 0],
        columnDirection: [0, 1, 0],
        imagePositionsPatient: [[0, 0, 0]],
        orientationKnown: true,
      },
    },
  },
  timingsMs: {},
  peakMemoryBytes: 0,
  software: { name: 'ichor', version: '0' },
};

test('a set that is not there and a reader who gives decisions are refused by name', () => {
  const nobody = { kind: 'temperature', reader: 'model', set: 'elsewhere' } as const;
  expect(() => fitCalibration(opinions, nobody)).toThrow(
    /no study is in set elsewhere; the input has the sets /,
  );
  const human = { kind: 'platt', reader: 'reader A', set: 'test' } as const;
  expect(() => fitCalibration(opinions, human)).toThrow(/no model reader A; it has /);
});

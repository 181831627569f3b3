// A head that moved during its scan, from its files to what is said of it.
import { expect, test } from 'vitest';
import { DISTURBANCES } from '../scripts/unlike/disturbed.ts';
import { createPhantom, phantomDicom } from '../src/phantom/index.ts';
import { createPrediction, type Findings } from '../src/prediction/index.ts';
import { type AcceptedStudy, readStudy } from '../src/study/index.ts';
import type { Volume } from '../src/volume/index.ts';
import { memoryFile } from './support/dicom-series.ts';

const still = createPhantom({ seed: 990_101, side: 160, bleeds: [] });
const withMotion = DISTURBANCES['strong motion'] as (volume: Volume) => Volume;

const read = (volume: Volume) =>
  readStudy(phantomDicom({ ...still, volume }).map(({ name, bytes }) => memoryFile(name, bytes)));

function codesPredicted(study: AcceptedStudy, unlikeTraining?: Findings['unlikeTraining']) {
  const findings: Findings = {
    subject: { anyHemorrhage: 0.1 },
    positive: false,
    operatingPoint: 0.5,
    subtypeThreshold: 0.5,
    slices: study.slices.map(() => ({ anyHemorrhage: 0.1 })),
    heatMaps: {},
    frame: { rowStart: 0, rowSize: 160, columnStart: 0, columnSize: 160 },
    ...(unlikeTraining && { unlikeTraining }),
  };
  const { checks } = createPrediction({
    study,
    findings,
    model: { name: 'test', sha256: 'ab'.repeat(32) },
    timingsMs: {},
    software: { name: 'ichor', version: '0.1.0' },
  });
  return checks.filter(({ code }) => SAID.has(code)).map(({ code, severity }) => [code, severity]);
}
/** Of what the two rooms say, what this file is about. */
const SAID = new Set(['skull-blurred', 'unlike-training']);
const NEAR = { distance: 0.5, limit: 2 };

test('a head that moved is warned of when it is read, and unlike the training when it is predicted', async () => {
  const study = await read(withMotion(still.volume));
  expect(codesPredicted(study, NEAR)).toEqual([
    ['skull-blurred', 'warned'],
    ['unlike-training', 'noted'],
  ]);
});

test('a model that does not describe its training leaves the warning alone', async () => {
  expect(codesPredicted(await read(withMotion(still.volume)))).toEqual([['skull-blurred', 'warned']]);
});

test('the same head that lay still is neither', async () => {
  expect(codesPredicted(await read(still.volume), NEAR)).toEqual([]);
});

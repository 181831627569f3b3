import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEMORRHAGE_CLASSES, sha256 } from '../../src/base/index.ts';
import { isDicom } from '../../src/dicom/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import {
  type OpenModel,
  openModel,
  type PredictedStudy,
  predictStudies,
  refusalFiles,
} from '../../src/service/index.ts';
import { type AcceptedStudy, readStudy } from '../../src/study/index.ts';
import { collected } from '../support/collected.ts';
import { createPlaces, writeAll } from '../support/places.ts';
import { shareNearBlood } from './near-blood.ts';
import { dciodvfy, pixelmed, printed, pydicom, type ReadObject, type SegmentFrame } from './tools.ts';
import { ANALYSED_STUDIES, type MadeStudy, REFUSED_STUDY } from './twelve-studies.ts';

const place = createPlaces('results-in-pacs');
const MADE_AT = new Date(2026, 0, 2, 3, 4, 5);
const KINDS = ['Comprehensive3DSR', 'Segmentation', 'SCImage', 'ParametricMap'];
const isAll = process.env.ICHOR_RESULT_STUDIES === 'all';

let model: OpenModel;
beforeAll(async () => {
  model = await openModel();
});
afterAll(() => model.close());

const chosen = ANALYSED_STUDIES.filter(({ isAlways }) => isAlways === true || isAll);
for (const { name, needs } of chosen.filter((one) => one.needs !== undefined))
  process.stderr.write(`${name}: not checked, as ${needs} is not here\n`);

describe.each(chosen.filter(({ needs }) => needs === undefined))('$name', ({ make }) => {
  let made: MadeStudy;
  let study: AcceptedStudy;
  let predicted: PredictedStudy;
  let folder: string;
  let files: string[];
  let read: Record<string, ReadObject>;

  beforeAll(async () => {
    folder = await place();
    made = await make();
    study = await readStudy([...made.files]);
    predicted = await model.predict(study);
    const objects = predicted.dicomObjects(MADE_AT, { parametricMap: true });
    expect(objects.refused).toEqual([]);
    await writeAll(folder, objects.files);
    files = Object.keys(objects.files).filter((file) => file.endsWith('.dcm'));
    read = await pydicom(folder);
    for (const [i, file] of made.files.entries()) {
      const bytes = await file.read();
      // A folder of real scans has a licence beside them
      if (isDicom(bytes)) await writeAll(path.join(folder, 'ct'), { [`${i}.dcm`]: bytes });
    }
  });

  test('dciodvfy finds no error in any object', async () => {
    expect(files).toEqual(expect.arrayContaining(['report.dcm', 'parametric-map-ich.dcm']));
    for (const file of files) {
      const { kind, errors } = await dciodvfy(path.join(folder, file));
      expect(KINDS, file).toContain(kind);
      expect(errors, file).toEqual([]);
    }
  });

  test('Pixelmed finds no error in the report', () => expectNoErrorByPixelmed(folder));

  test('dsrdump prints and pydicom reads what prediction.json says', async () => {
    const { findings } = reportOf(read);
    const expected = probabilitiesOf(predicted.prediction);
    expect(findings.map(({ label }) => label)).toEqual(Object.keys(expected));
    for (const { label, probability } of findings)
      expect(Math.abs(probability - (expected[label] ?? Number.NaN)), label).toBeLessThanOrEqual(1e-6);
    const dump = await printed('dsrdump', [path.join(folder, 'report.dcm')]);
    for (const { probability } of findings) expect(dump).toContain(`"${probability}"`);
    for (const object of Object.values(read))
      expect(object.study).toBe(predicted.prediction.study.studyInstanceUid);
  });

  test('every frame lies where its CT slice does', async () => {
    const slices = await pydicom(path.join(folder, 'ct'));
    const positions = new Map(
      Object.values(slices).flatMap((slice) =>
        slice.modality === 'CT'
          ? slice.positions.map((position, frame) => [`${slice.uid} ${frame + 1}`, position] as const)
          : [],
      ),
    );
    const frames = segmentFrames(read);
    expect(frames.length > 0).toBe(predicted.prediction.anyHemorrhage.positive);
    for (const { position, source, sourceFrame } of frames)
      expect(position).toEqual(positions.get(`${source} ${sourceFrame ?? 1}`));
  });

  test('at least 90 % of the area lies on the bleed or within one cell of the map of it', () => {
    const frames = segmentFrames(read);
    if (made.phantom === undefined || frames.length === 0) return;
    const { rowSize, columnSize } = predicted.findings.frame;
    const { pixelSpacingMm } = study.volume.geometry;
    const cellMm = Math.min(rowSize * pixelSpacingMm.row, columnSize * pixelSpacingMm.column) / 16;
    expect(shareNearBlood(frames, study.volume.columns, made.phantom, cellMm)).toBeGreaterThanOrEqual(0.9);
  });

  test('the same prediction and clock give the same bytes again', async () => {
    const again = (await model.predict(study)).dicomObjects(MADE_AT);
    const first = predicted.dicomObjects(MADE_AT);
    expect(hashes(again.files)).toEqual(hashes(first.files));
  });
});

describe.runIf(isAll)('refused', () => {
  test('the report says why, names no finding, and no validator finds an error', async () => {
    const folder = await place();
    const { files } = await REFUSED_STUDY.make();
    const [outcome] = await collected(predictStudies([...files], { model }));
    if (outcome?.kind !== 'refused') throw new Error(`the study is ${outcome?.kind}, not refused`);
    const made = refusalFiles(model, outcome, { dicom: true, madeAt: MADE_AT });
    expect(made.refusedObjects).toEqual([]);
    await writeAll(folder, made.contents);
    const dicom = path.join(folder, 'dicom');
    expect(await dciodvfy(path.join(dicom, 'report.dcm'))).toEqual({ kind: 'Comprehensive3DSR', errors: [] });
    await expectNoErrorByPixelmed(dicom);
    expect(reportOf(await pydicom(dicom)).findings).toEqual([]);
    const dump = await printed('dsrdump', ['+Pl', path.join(dicom, 'report.dcm')]);
    expect(dump).toContain('too-few-slices');
    expect(dump).not.toMatch(/Present|Absent/);
  });
});

async function expectNoErrorByPixelmed(folder: string): Promise<void> {
  const said = await pixelmed(path.join(folder, 'report.dcm'));
  expect(said).toContain('Found Root Template TID_1500');
  expect(said).toContain('IOD validation complete');
  expect(said).not.toMatch(/^Error/m);
}

const hashes = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]));

function reportOf(read: Readonly<Record<string, ReadObject>>) {
  const report = read['report.dcm'];
  if (report?.modality !== 'SR') throw new Error('report.dcm is no structured report');
  return report;
}

const segmentFrames = (read: Readonly<Record<string, ReadObject>>): SegmentFrame[] =>
  Object.values(read).flatMap((object) => (object.modality === 'SEG' ? object.frames : []));

/** By the label of their class. */
function probabilitiesOf({ anyHemorrhage, subtypes }: Prediction): Record<string, number> {
  const verdicts = { anyHemorrhage, ...subtypes };
  return Object.fromEntries(
    HEMORRHAGE_CLASSES.flatMap(({ name, label }) => {
      const verdict = verdicts[name];
      return verdict === undefined ? [] : [[label, verdict.probability]];
    }),
  );
}

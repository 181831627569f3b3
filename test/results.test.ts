import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../src/base/index.ts';
import { readDicomHeader } from '../src/dicom/index.ts';
import { createPrediction, type Findings } from '../src/prediction/index.ts';
import { resultObjects } from '../src/results/index.ts';
import { readStudy } from '../src/study/index.ts';
import { type HeadSeries, headFiles, SIZE } from './support/dicom-series.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ichor-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

const STUDY = { StudyDate: '20260101', StudyTime: '120000', StudyID: '1', PatientSex: 'O' };
const MADE_AT = new Date(2026, 0, 2, 3, 4, 5);
const HOT_SLICE = 9;

/** A subject at 0.8 with one slice above 0.5, whose map has its one hot cell in the third row and fifth column. */
async function objectsOf(series: HeadSeries = {}, subject = 0.8, madeAt = MADE_AT) {
  const study = await readStudy(headFiles({ ...series, attributes: { ...STUDY, ...series.attributes } }));
  const heatMap = new Float32Array(study.volume.slices * 256);
  heatMap[HOT_SLICE * 256 + 2 * 16 + 4] = 1;
  const positive = subject >= 0.5;
  const subtypes = Object.fromEntries(HEMORRHAGE_SUBTYPE_NAMES.map((name, i) => [name, 0.1 + 0.1 * i]));
  const findings: Findings = {
    subject: { anyHemorrhage: subject, ...(positive && subtypes) },
    positive,
    operatingPoint: 0.5,
    slices: study.slices.map((_, i) => ({ anyHemorrhage: i === HOT_SLICE ? 0.7 : 0.1 })),
    heatMaps: { anyHemorrhage: heatMap },
    frame: { rowStart: 0, rowSize: SIZE, columnStart: 0, columnSize: SIZE },
  };
  const prediction = createPrediction({
    study,
    findings,
    model: { name: 'test', sha256: 'ab'.repeat(32) },
    timingsMs: {},
    peakMemoryBytes: 1,
    software: { name: 'ichor', version: '0.1.0' },
  });
  return resultObjects({ study, findings, prediction, madeAt });
}

const printed = (tool: string, parts: readonly string[]): string =>
  execFileSync('/bin/sh', ['-c', '"$0" "$@" 2>&1 || true', tool, ...parts], { encoding: 'utf8' });

const SERIES: readonly [string, HeadSeries, number][] = [
  ['a positive study', {}, 0.8],
  ['slices that disagree with the subject', {}, 0.2],
  [
    'uneven steps',
    { attributesOf: (i) => (i < 14 ? {} : { ImagePositionPatient: [-126, -126, (i - 13.5) * 5 + 1] }) },
    0.8,
  ],
];

test.each(SERIES)('%s: dciodvfy and pydicom take the objects', async (name, series, subject) => {
  const { files, refused } = await objectsOf(series, subject);
  expect(refused).toEqual([]);
  expect(Object.keys(files)).toContain('report.dcm');
  for (const [file, bytes] of Object.entries(files)) {
    const place = path.join(folder, `${name.replaceAll(' ', '-')}-${file}`);
    writeFileSync(place, bytes);
    expect(printed('dciodvfy', [place])).toMatch(/^(Comprehensive3DSR|Segmentation)$/m);
    expect(printed('dciodvfy', [place])).not.toMatch(/^Error/m);
    const read = printed('/usr/bin/python3', ['-c', READ, place]);
    expect(JSON.parse(read)).toMatchObject({ patient: 'SECRET-ID', name: 'Secret^Name' });
  }
});
const READ = [
  'import json, sys, pydicom',
  'd = pydicom.dcmread(sys.argv[1])',
  'print(json.dumps({"patient": d.PatientID, "name": str(d.PatientName)}))',
].join('\n');

test('the report says the probability, and Undetermined where slices disagree with the subject', async () => {
  for (const [subject, presence] of [
    [0.8, 'Present'],
    [0.2, 'Undetermined'],
  ] as const) {
    const place = path.join(folder, `said-${presence}.dcm`);
    writeFileSync(place, (await objectsOf({}, subject)).files['report.dcm'] ?? new Uint8Array());
    const dump = printed('dsrdump', [place]);
    expect(dump).toContain(`"${subject}"`);
    expect(dump).toContain(`"${presence}"`);
    expect(dump).not.toMatch(subject < 0.5 ? /"Absent"/ : /"Undetermined"/);
  }
});

test('the area lies where the hot cell is, on its slice', async () => {
  const place = path.join(folder, 'area.dcm');
  writeFileSync(place, (await objectsOf()).files['segmentation.dcm'] ?? new Uint8Array());
  const script = [
    'import json, sys, pydicom',
    'd = pydicom.dcmread(sys.argv[1])',
    'bits = [(d.PixelData[i >> 3] >> (i & 7)) & 1 for i in range(d.Rows * d.Columns * d.NumberOfFrames)]',
    'on = [divmod(i, d.Columns) for i, b in enumerate(bits) if b]',
    'p = d.PerFrameFunctionalGroupsSequence[0]',
    'z = float(p.PlanePositionSequence[0].ImagePositionPatient[2])',
    's = p.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID',
    'print(json.dumps([d.NumberOfFrames, z, s, min(on), max(on)]))',
  ].join('\n');
  const [frames, z, source, first, last] = JSON.parse(printed('/usr/bin/python3', ['-c', script, place]));
  // Cells are 4 pixels wide: the third begins at 8, the fifth at 16; half of the peak lies within half a cell of it
  expect([frames, z, source]).toEqual([1, (HOT_SLICE - 13.5) * 5, `1.2.826.0.1.1.2.${HOT_SLICE + 1}`]);
  expect(first).toEqual([8, 17]);
  expect(last).toEqual([11, 18]);
});

test('the same input gives the same bytes, another probability other ones', async () => {
  const [one, again, other] = [await objectsOf(), await objectsOf(), await objectsOf({}, 0.9)];
  expect(again.files).toEqual(one.files);
  expect(other.files['report.dcm']).not.toEqual(one.files['report.dcm']);
});

test('made at another time, an object has another UID, and its findings are tracked by the same one', async () => {
  const uidsOf = async (madeAt: Date) => {
    const bytes = (await objectsOf({}, 0.8, madeAt)).files['report.dcm'] ?? new Uint8Array();
    const object = readDicomHeader(bytes, { where: 'report.dcm' });
    return { instance: object.text('SOPInstanceUID'), tracked: trackingUids(bytes) };
  };
  const [first, second] = [await uidsOf(MADE_AT), await uidsOf(new Date(2026, 0, 3))];
  expect(second.instance).not.toBe(first.instance);
  expect(first.tracked).toHaveLength(6);
  expect(second.tracked).toEqual(first.tracked);
});

/** Values of the items that dsrdump prints as Tracking Unique Identifier. */
function trackingUids(bytes: Uint8Array): string[] {
  const place = path.join(folder, 'tracked.dcm');
  writeFileSync(place, bytes);
  return [...printed('dsrdump', [place]).matchAll(/"Tracking Unique Identifier"\)="([0-9.]+)"/g)].map(
    ([, uid]) => uid ?? '',
  );
}

test('bytes of another character set are carried on as they are; undeclared ones are refused by name', async () => {
  const name = new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
  const declared = await objectsOf({ attributes: { SpecificCharacterSet: 'ISO_IR 100', PatientName: name } });
  expect(Buffer.from(declared.files['report.dcm'] ?? []).includes(Buffer.from(name))).toBe(true);
  const undeclared = await objectsOf({ attributes: { PatientName: name } });
  expect(undeclared.files).toEqual({});
  expect(undeclared.refused.map(({ code }) => code)).toEqual(['character-set', 'character-set']);
});

test('without a frame of reference the segmentation alone is refused', async () => {
  const { files, refused } = await objectsOf({ attributes: { FrameOfReferenceUID: undefined } });
  expect(Object.keys(files)).toEqual(['report.dcm']);
  expect(refused).toMatchObject([{ object: 'segmentation.dcm', code: 'no-frame-of-reference' }]);
});

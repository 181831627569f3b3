import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sha256 } from '../src/base/index.ts';
import { readDicomHeader } from '../src/dicom/index.ts';
import { readReport } from '../src/results/index.ts';
import { enhancedHead, type HeadSeries, memoryFile, SIZE } from './support/dicom-series.ts';
import { niftiBytes } from './support/nifti-file.ts';
import { HOT_SLICE, MADE_AT, resultsOf, STUDY } from './support/results-case.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ichor-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The objects of a case, and when they were made. */
const objectsOf = (series: HeadSeries = {}, subject = 0.8, madeAt = MADE_AT) =>
  resultsOf({ ...series, subject, madeAt });

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
  const places = Object.entries(files)
    .filter(([file]) => file in KINDS)
    .map(([file, bytes]) => {
      const place = path.join(folder, `${name.replaceAll(' ', '-')}-${file}`);
      writeFileSync(place, bytes);
      expect(printed('dciodvfy', [place])).toMatch(KINDS[file] ?? /never/);
      expect(printed('dciodvfy', [place])).not.toMatch(/^Error/m);
      return place;
    });
  expect(places.length).toBe(subject < 0.5 ? 3 : 4);
  const read = JSON.parse(printed('/usr/bin/python3', ['-c', READ, ...places]));
  for (const whose of read) expect(whose).toEqual(['SECRET-ID', 'Secret^Name', '1.2.826.0.1.1']);
});

/** Of the key images, which are alike, the ones of one slice. */
const KINDS: Readonly<Record<string, RegExp>> = {
  'report.dcm': /^Comprehensive3DSR$/m,
  'segmentation.dcm': /^Segmentation$/m,
  'slice-010.dcm': /^SCImage$/m,
  'slice-010-heat-map.dcm': /^SCImage$/m,
};
const READ = [
  'import json, sys, pydicom',
  'd = [pydicom.dcmread(f) for f in sys.argv[1:]]',
  'print(json.dumps([[o.PatientID, str(o.PatientName), o.StudyInstanceUID] for o in d]))',
].join('\n');

test('an Enhanced CT: its frames are referred to by number, and dciodvfy takes the objects', async () => {
  // Out of order in the object
  const places = Array.from({ length: 12 }, (_, frame) => ((frame * 5) % 12) * 10 - 55);
  const hotFrame = places.indexOf(HOT_SLICE * 10 - 55) + 1;
  const { files, refused } = await resultsOf({ files: [enhancedHead(places, STUDY)], parametricMap: true });
  expect(refused).toEqual([]);
  const objects = Object.entries(files).filter(([name]) => name.endsWith('.dcm'));
  for (const [name, bytes] of objects) {
    const place = path.join(folder, `enhanced-${name}`);
    writeFileSync(place, bytes);
    expect(printed('dciodvfy', [place]), name).not.toMatch(/^Error/m);
  }
  const segmentation = readDicomHeader(files['segmentation.dcm'] ?? new Uint8Array(), {
    where: 'segmentation',
  });
  const [frame] = segmentation.items('PerFrameFunctionalGroupsSequence');
  const [source] = frame?.items('DerivationImageSequence')[0]?.items('SourceImageSequence') ?? [];
  expect(source?.text('ReferencedSOPInstanceUID')).toBe('1.2.826.0.1.5.1');
  expect(source?.number('ReferencedFrameNumber')).toBe(hotFrame);
  const position = frame?.items('PlanePositionSequence')[0]?.numbers('ImagePositionPatient');
  expect(position).toEqual([-126, -126, HOT_SLICE * 10 - 55]);
  const report = readReport(files['report.dcm'] ?? new Uint8Array(), 'report.dcm');
  expect(report?.images.map((image) => image.frame).toSorted((a = 0, b = 0) => a - b)).toEqual(
    places.map((_, i) => i + 1),
  );
});

test('a key image shows its slice: RGB, notice burned in, source referred to', async () => {
  const { files } = await objectsOf();
  const object = readDicomHeader(files['slice-010.dcm'] ?? new Uint8Array(), { where: 'slice-010.dcm' });
  expect(object.text('BurnedInAnnotation')).toBe('YES');
  expect(object.text('PhotometricInterpretation')).toBe('RGB');
  expect(object.texts('PatientOrientation')).toEqual(['L', 'P']);
  const [source] = object.items('SourceImageSequence');
  expect(source?.text('ReferencedSOPInstanceUID')).toBe(`1.2.826.0.1.1.2.${HOT_SLICE + 1}`);
});

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

test.each([
  ['straight', [1, 0, 0, 0, 1, 0], 16],
  ['tilted', [1, 0, 0, 0, Math.cos(0.3), -Math.sin(0.3)], 16],
  ['finer', [1, 0, 0, 0, 1, 0], 20],
] as const)('%s: a parametric map has its hot cell where the map has it', async (name, directions, cells) => {
  const attributes = { ImageOrientationPatient: directions };
  const { files } = await resultsOf({ attributes, parametricMap: true, cells });
  const place = path.join(folder, `map-${name}.dcm`);
  writeFileSync(place, files['parametric-map-ich.dcm'] ?? new Uint8Array());
  expect(printed('dciodvfy', [place])).toMatch(/^ParametricMap$/m);
  expect(printed('dciodvfy', [place])).not.toMatch(/^Error/m);
  const script = [
    'import json, sys, struct, pydicom',
    'd = pydicom.dcmread(sys.argv[1])',
    'n = d.Columns',
    'v = struct.unpack(f"<{d.NumberOfFrames * d.Rows * n}f", d.FloatPixelData)',
    'hot = v.index(1.0)',
    'f, r, c = hot // (d.Rows * n), hot % (d.Rows * n) // n, hot % n',
    's = d.SharedFunctionalGroupsSequence[0]',
    'o = s.PlaneOrientationSequence[0].ImageOrientationPatient',
    'h, w = s.PixelMeasuresSequence[0].PixelSpacing',
    'p = d.PerFrameFunctionalGroupsSequence[f].PlanePositionSequence[0].ImagePositionPatient',
    'print(json.dumps([f, n, [p[i] + c * w * o[i] + r * h * o[i + 3] for i in range(3)]]))',
  ].join('\n');
  const [frame, columns, middle] = JSON.parse(printed('/usr/bin/python3', ['-c', script, place]));
  expect([frame, columns]).toEqual([HOT_SLICE, cells]);
  // Of 16 cells those of pixels 8 to 11 down, 16 to 19 along, of 4 mm from the first pixel's middle at -126 mm
  const [down, along] = [2.5, 4.5].map((cell) => (cell * SIZE) / cells - 0.5) as [number, number];
  const [, , , , y, z] = directions;
  const expected = [-126 + along * 4, -126 + down * 4 * y, (HOT_SLICE - 13.5) * 5 + down * 4 * z];
  for (const [i, value] of expected.entries()) expect(middle[i]).toBeCloseTo(value, 3);
});

test('the same input gives the same bytes, another probability other ones', async () => {
  const [one, again, other] = [await objectsOf(), await objectsOf(), await objectsOf({}, 0.9)];
  expect(hashes(again)).toEqual(hashes(one));
  expect(hashes(other)['report.dcm']).not.toEqual(hashes(one)['report.dcm']);
});

const hashes = ({ files }: Awaited<ReturnType<typeof objectsOf>>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]));

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

test.each([
  ['ISO_IR 100', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]],
  ['ISO_IR 192', [...new TextEncoder().encode('山田^太郎')]],
  // Its second byte is a backslash, which parts no values here
  ['GB18030', [0x81, 0x5c, 0x5e, 0x41]],
  [
    ['', 'ISO 2022 IR 87'],
    [0x41, 0x3d, 0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42],
  ],
])('%s: a name is carried on byte for byte', async (set, bytes) => {
  const name = new Uint8Array(bytes);
  const attributes = { SpecificCharacterSet: set, PatientName: name };
  const { files, refused } = await objectsOf({ attributes });
  expect(refused).toEqual([]);
  for (const [file, object] of Object.entries(files).filter(([file]) => file.endsWith('.dcm')))
    expect(Buffer.from(object).includes(Buffer.from(name)), file).toBe(true);
});

test('a name in a character set that nobody declared is refused', async () => {
  const name = new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
  const undeclared = await objectsOf({ attributes: { PatientName: name } });
  expect(undeclared.files).toEqual({});
  expect(undeclared.refused.map(({ object, code }) => `${object} ${code}`)).toEqual([
    'segmentation.dcm character-set',
    'key images character-set',
    'report.dcm character-set',
  ]);
});

test('without a frame of reference the segmentation alone is refused', async () => {
  const { files, refused } = await objectsOf({ attributes: { FrameOfReferenceUID: undefined } });
  expect(Object.keys(files)).toContain('report.dcm');
  expect(Object.keys(files)).toContain('slice-010-heat-map.dcm');
  expect(Object.keys(files)).not.toContain('segmentation.dcm');
  expect(refused).toMatchObject([{ object: 'segmentation.dcm', code: 'no-frame-of-reference' }]);
});

test('patient attributes that the source lacks or has empty are as they must be, and dciodvfy takes the objects', async () => {
  const lacking = { PatientName: undefined, PatientBirthDate: undefined, PatientSex: undefined };
  // Of type 1C: not without a value (PS3.3 C.7.1.1)
  const empty = { PatientIdentityRemoved: 'YES', DeidentificationMethod: '' };
  const { files, refused } = await objectsOf({ attributes: { ...lacking, ...empty, StudyID: undefined } });
  expect(refused).toEqual([]);
  for (const name of Object.keys(KINDS)) {
    const place = path.join(folder, `lacking-${name}`);
    writeFileSync(place, files[name] ?? new Uint8Array());
    expect(printed('dciodvfy', [place])).toMatch(KINDS[name] ?? /never/);
    expect(printed('dciodvfy', [place])).not.toMatch(/^Error/m);
  }
});

test("a point chosen for any hemorrhage does not make subtypes present that are below the model's own", async () => {
  const { files } = await resultsOf({ operatingPoint: 0.002 });
  const { findings = [] } = readReport(files['report.dcm'] ?? new Uint8Array(), 'report.dcm') ?? {};
  const said = findings.map(({ probability, presence, algorithm }) => [
    probability,
    presence.meaning,
    algorithm.parameters.at(-1)?.split(':')[0],
  ]);
  expect(said).toEqual([
    [0.8, 'Present', 'operating point 0.002'],
    [0.1, 'Absent', 'threshold 0.5'],
    [0.2, 'Absent', 'threshold 0.5'],
    [0.3, 'Absent', 'threshold 0.5'],
    [0.4, 'Absent', 'threshold 0.5'],
    [0.5, 'Present', 'threshold 0.5'],
  ]);
});

test('a map, like a segmentation, needs a frame of reference; the others are made', async () => {
  const { files, refused } = await resultsOf({
    attributes: { FrameOfReferenceUID: undefined },
    parametricMap: true,
  });
  expect(refused.map(({ object, code }) => `${object} ${code}`)).toEqual([
    'segmentation.dcm no-frame-of-reference',
    'parametric maps no-frame-of-reference',
  ]);
  expect(Object.keys(files)).toContain('fhir.json');
});

test('a character set that DICOM does not define is refused by name', async () => {
  const { files, refused } = await objectsOf({ attributes: { SpecificCharacterSet: 'LATIN-9' } });
  expect(files).toEqual({});
  for (const { code, reason } of refused) {
    expect(code).toBe('character-set');
    expect(reason).toContain('LATIN-9');
  }
});

test('a NIfTI study gets no objects, and each says so', async () => {
  const bytes = niftiBytes();
  const { files, refused } = await resultsOf({ files: [memoryFile('head.nii', bytes)] });
  expect(files).toEqual({});
  expect(refused.map(({ code }) => code)).toContain('not-from-dicom');
});

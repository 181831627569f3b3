import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { RefusedInput, type StudyFile } from '../src/base/index.ts';
import { writeDicomObject } from '../src/dicom/index.ts';
import { type AcceptedStudy, readStudies, readStudy, type StudyOutcome } from '../src/study/index.ts';
import { sliceHu } from '../src/volume/index.ts';
import { collected } from './support/collected.ts';
import {
  CT_SLICE,
  enhancedHead,
  type HeadSeries,
  headFiles,
  memoryFile,
  SIZE,
  sliceBytes,
  storedSlice,
} from './support/dicom-series.ts';

const outcomesOf = (files: readonly StudyFile[]) => collected(readStudies(files));
const codes = (outcome: StudyOutcome) => outcome.checks.map((check) => check.code);
const HEAD = headFiles();

async function only(files: readonly StudyFile[]): Promise<StudyOutcome> {
  const outcomes = await outcomesOf(files);
  expect(outcomes).toHaveLength(1);
  return outcomes[0] as StudyOutcome;
}

async function accepted(files: readonly StudyFile[]): Promise<AcceptedStudy> {
  const outcome = await only(files);
  if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome.checks));
  return outcome;
}

test('a plain series: order, geometry, HU, what is known of it', async () => {
  const study = await accepted(HEAD);
  expect(codes(study)).toEqual(['series-chosen']);
  expect(study.volume).toMatchObject({ slices: 28, rows: SIZE, columns: SIZE });
  expect(study.volume.geometry).toMatchObject({
    sliceSpacingMm: 5,
    gantryTiltDegrees: 0,
    orientationKnown: true,
  });
  expect(study.slices.map((slice) => slice.file)).toEqual(HEAD.map((file) => file.path));
  expect(study.slices[0]).toMatchObject({ sopInstanceUid: '1.2.826.0.1.1.2.1', positionMm: -67.5 });
  expect(study.series).toMatchObject({
    description: 'HEAD 5 mm',
    scanner: 'TEST RING',
    kernel: 'H31s',
    sliceThicknessMm: 5,
  });
  const middle = sliceHu(study.volume, 14);
  expect(middle[(SIZE / 2) * SIZE + SIZE / 2]).toBe(33);
  expect(middle[0]).toBe(-1000);
  expect(Math.max(...middle)).toBe(900);
});

test('whose study it is stands apart: no JSON, no copy and no check carries it', async () => {
  const study = await accepted(HEAD);
  expect(JSON.stringify(Object.values(study.identity))).toContain('SECRET-ID');
  const { volume: _, ...rest } = study;
  expect(JSON.stringify([rest, { ...study }.identity])).not.toMatch(/secret|1950/i);
});

test('the order of the files does not matter', async () => {
  const digest = (outcomes: readonly StudyOutcome[]) =>
    JSON.stringify(
      outcomes.map((o) => (o.kind === 'accepted' ? { ...o, volume: [...o.volume.hu.subarray(0, 9000)] } : o)),
    );
  const files = [
    ...headFiles({ slices: 10, stepMm: 10 }),
    ...headFiles({ slices: 9, stepMm: 10, name: 'B', seriesUid: '1.2.826.0.1.1.3' }),
    memoryFile('notes.txt', new TextEncoder().encode('notes')),
    memoryFile('copy', sliceBytes(3, { slices: 10, stepMm: 10 })),
    memoryFile('cut', sliceBytes(4, { slices: 10, stepMm: 10 }).subarray(0, 900)),
  ];
  const expected = digest(await outcomesOf(files));
  const orders = fc.shuffledSubarray(files, { minLength: files.length });
  await fc.assert(
    fc.asyncProperty(orders, async (shuffled) => digest(await outcomesOf(shuffled)) === expected),
    { numRuns: 8, seed: 7 },
  );
});

test('a damaged file is named with its reason, the rest is used with a warning', async () => {
  const files = HEAD.map((file, i) =>
    i === 9 ? memoryFile(file.path, sliceBytes(9).subarray(0, 4000)) : file,
  );
  const study = await accepted(files);
  expect(study.volume.slices).toBe(27);
  const lost = study.checks.find((check) => check.files?.includes('IM010'));
  expect(lost?.severity).toBe('warned');
  expect(lost?.text).toMatch(/IM010/);
  expect(codes(study)).toContain('slices-missing');
});

test.each<[string, HeadSeries['attributes'], string]>([
  ['no position', { ImagePositionPatient: undefined }, 'slice-without-geometry'],
  ['no orientation', { ImageOrientationPatient: undefined }, 'slice-without-geometry'],
  ['no SOP Instance UID', { SOPInstanceUID: undefined }, 'file-unreadable'],
  ['a wrong length', { Rows: SIZE * 2, Columns: SIZE / 2, PixelSpacing: [2, 8] }, 'mixed-matrix'],
])('one slice with %s', async (_, attributes, code) => {
  const study = await accepted(
    headFiles({ attributesOf: (slice) => (slice === 5 ? (attributes ?? {}) : {}) }),
  );
  expect(study.volume.slices).toBe(27);
  expect(study.checks.find((check) => check.code === code)?.files).toEqual(['IM006']);
});

test.each([1, 2])(
  'a head whose upper 8 of 28 slices cannot be decoded is refused, each file there %d times',
  async (times) => {
    const withHalfOfItsPixels = (whole: Uint8Array): Uint8Array => {
      const half = SIZE * SIZE;
      const bytes = whole.slice(0, whole.length - half);
      new DataView(bytes.buffer).setUint32(bytes.length - half - 4, half, true);
      return bytes;
    };
    const files = Array.from({ length: times }, (_, copy) =>
      HEAD.map(({ path }, i) =>
        memoryFile(`${copy}/${path}`, i < 20 ? sliceBytes(i) : withHalfOfItsPixels(sliceBytes(i))),
      ),
    );
    const outcome = await only(files.flat());
    expect([outcome.kind, outcome.checks[0]?.code]).toEqual(['refused', 'too-many-left-out']);
    expect(outcome.checks[0]?.text).toContain('8 of 28 slices');
  },
);

test.each([
  ['every second', (i: number) => i % 2 === 1],
  ['the upper half', (i: number) => i >= 14],
])('%s file cut short: refused, although the rest is even', async (_, isCut) => {
  const bytes = (i: number) => sliceBytes(i);
  const outcome = await only(
    HEAD.map((file, i) => (isCut(i) ? memoryFile(file.path, bytes(i).subarray(0, 4000)) : file)),
  );
  expect([outcome.kind, outcome.checks[0]?.code]).toEqual(['refused', 'too-many-left-out']);
  expect(outcome.checks[0]?.text).toMatch(
    /^14 files.*: PixelData .*; 14 of 28 slices cannot be used, up to 20% may be left out$/,
  );
});

test('damaged files of another series beside it do not count against a series', async () => {
  const other = headFiles({ slices: 9, name: 'B', seriesUid: '1.2.826.0.1.1.3' });
  const cut = other.map((file, i) =>
    i > 0
      ? memoryFile(file.path, sliceBytes(i, { slices: 9, seriesUid: '1.2.826.0.1.1.3' }).subarray(0, 4000))
      : file,
  );
  expect((await accepted([...HEAD, ...cut])).volume.slices).toBe(28);
});

test.each<[string, HeadSeries['attributes'], string]>([
  ['no modality', { Modality: undefined }, 'slice-of-another-series'],
  ['another modality', { Modality: 'MR' }, 'slice-of-another-series'],
  ['absurd rows', { Rows: 60_000 }, 'mixed-matrix'],
  ['an absurd spacing', { PixelSpacing: [50, 50] }, 'mixed-pixel-spacing'],
])('one slice with %s, wherever it lies, is left out and named', async (_, attributes, code) => {
  for (const at of [0, 5, 14]) {
    const study = await accepted(
      headFiles({ attributesOf: (slice) => (slice === at ? (attributes ?? {}) : {}) }),
    );
    expect(study.volume.slices).toBe(27);
    expect(study.checks.find((check) => check.code === code)?.files).toEqual([HEAD[at]?.path]);
  }
});

test('a file without an ending that is emptied, named as the slices beside it, is warned of', async () => {
  const study = await accepted(
    HEAD.map((file, i) => (i === 9 ? memoryFile(file.path, new Uint8Array(0)) : file)),
  );
  const lost = study.checks.find((check) => check.code === 'file-unreadable');
  expect([lost?.severity, lost?.files]).toEqual(['warned', ['IM010']]);
});

test('words for scans with and without contrast are a warning', async () => {
  const study = await accepted(headFiles({ attributes: { SeriesDescription: 'HEAD W/WO CONTRAST' } }));
  expect(codes(study)).toContain('contrast-unclear');
});

test('a Rescale Type that says nothing is a warning; HU and its modifications are none', async () => {
  const unitsOf = async (RescaleType: string) =>
    codes(await accepted(headFiles({ attributes: { RescaleType } }))).includes('units-unclear');
  expect(await Promise.all(['US', 'HU', 'HU_MOD'].map(unitsOf))).toEqual([true, false, false]);
});

test.each<[string, HeadSeries, string]>([
  ['MR', { attributes: { Modality: 'MR', SOPClassUID: '1.2.840.10008.5.1.4.1.1.4' } }, 'not-ct'],
  ['contrast', { attributes: { ContrastBolusAgent: 'IOHEXOL' } }, 'contrast'],
  ['a scout only', { attributes: { ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] } }, 'localizer'],
  ['a chest', { attributes: { SeriesDescription: 'CHEST', BodyPartExamined: 'CHEST' } }, 'other-body-part'],
  ['too few slices', { slices: 4 }, 'too-few-slices'],
  ['no positions at all', { attributes: { ImagePositionPatient: undefined } }, 'geometry-missing'],
  ['HU + 1024 without an intercept', { attributes: { RescaleIntercept: 0 } }, 'not-hu'],
  ['a picture of grey values', { attributes: { RescaleIntercept: 0, RescaleSlope: 0.1 } }, 'not-hu'],
  ['a map of atomic numbers', { attributes: { RescaleType: 'Z_EFF' } }, 'not-hu'],
  [
    'absurd rows and columns',
    { attributes: { Rows: 65535, Columns: 65535, PixelSpacing: [0.004, 0.004] } },
    'matrix-size',
  ],
  [
    'steps that leave half the head out',
    {
      slices: 14,
      stepMm: 10,
      attributesOf: (s) => (s > 6 ? { ImagePositionPatient: [-126, -126, s * 10 + 60] } : {}),
    },
    'gap-too-large',
  ],
])('%s: refused by name', async (_, series, code) => {
  const outcome = await only(headFiles(series));
  expect([outcome.kind, outcome.checks[0]?.code]).toEqual(['refused', code]);
});

test('an encoding that is not supported is refused by name', async () => {
  const outcome = await only(headFiles({ transferSyntaxUid: '1.2.840.10008.1.2.4.100' }));
  expect(outcome.kind).toBe('refused');
  expect(JSON.stringify(outcome.checks)).toMatch(/1\.2\.840\.10008\.1\.2\.4\.100|MPEG/);
});

test('silent tags: the ring of skull decides', async () => {
  const silent = { SeriesDescription: undefined, BodyPartExamined: undefined };
  expect(codes(await accepted(headFiles({ attributes: silent })))).toContain('head-by-content');
  const small = { PixelSpacing: [2, 2] };
  expect(codes(await only(headFiles({ attributes: { ...silent, ...small } })))).toContain('not-a-head');
  expect(codes(await accepted(headFiles({ attributes: small })))).toContain('head-not-evident');
});

test('among several series the rules choose, and say why', async () => {
  const files = [
    ...headFiles({
      name: 'a/',
      seriesUid: '1.2.826.0.1.1.9',
      attributes: { ConvolutionKernel: 'H70h', SeriesNumber: 1 },
    }),
    ...headFiles({ name: 'b/', seriesUid: '1.2.826.0.1.1.4', attributes: { SeriesNumber: 4 } }),
    ...headFiles({
      name: 'c/',
      slices: 2,
      seriesUid: '1.2.826.0.1.1.5',
      attributes: { SeriesNumber: 5, ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] },
    }),
  ];
  const study = await accepted(files);
  expect(study.series.seriesNumber).toBe(4);
  expect(study.checks.map((check) => check.text)).toEqual([
    'series 4 "HEAD 5 mm" (28 slices) was read before 1 other that the rules leave, by a soft-tissue kernel before a sharp one (Convolution Kernel): kernel H31s against kernel H70h',
    'series 1 "HEAD 5 mm" (28 slices) was not read: a soft-tissue kernel before a sharp one (Convolution Kernel): kernel H31s against kernel H70h',
    'series 5 "HEAD 5 mm" (2 slices) was not read: it is a scout view (localizer) (localizer)',
  ]);
  const other = await readStudy(files, { seriesUid: '1.2.826.0.1.1.9' });
  expect(other.series.seriesNumber).toBe(1);
  expect(codes(other)).toContain('sharp-kernel');
});

test.each([
  ['soft first', 'a/', 'b/'],
  ['sharp first', 'b/', 'a/'],
])('a series with two kernels at each place is read by the soft one: %s', async (_, soft, sharp) => {
  const second = (slice: number) => ({
    SOPInstanceUID: `1.2.826.0.1.1.3.${slice}`,
    ConvolutionKernel: 'H70h',
  });
  const bone = headFiles({ name: sharp, mark: 5, attributesOf: second });
  const study = await accepted([...headFiles({ name: soft, mark: 4 }), ...bone]);
  expect(study.series.kernel).toBe('H31s');
  expect(study.slices.every(({ file }) => file.startsWith(soft))).toBe(true);
  expect(sliceHu(study.volume, 14)[0]).toBe(-996);
  expect(codes(study)).toEqual(['series-chosen', 'mixed-kernel']);
  expect(codes(await accepted(bone))).toContain('sharp-kernel');
});

test('a series of which the sharp slices are read is warned of, although its middle file is a soft one', async () => {
  const soft = headFiles({ name: 'b/', attributesOf: (i) => ({ SOPInstanceUID: `1.2.826.0.1.1.3.${i}` }) });
  const bone = (name: string) => headFiles({ name, attributes: { ConvolutionKernel: 'H70h' } });
  const study = await accepted([...bone('a/').slice(0, 14), ...soft.slice(2, 26), ...bone('c/').slice(14)]);
  expect(study.series.kernel).toBe('H70h');
  expect(codes(study)).toContain('sharp-kernel');
});

test('a stray slice of another series among the files is named', async () => {
  const stray = memoryFile('IM999', sliceBytes(3, { seriesUid: '1.2.826.0.1.1.77' }));
  const study = await accepted([...HEAD, stray]);
  expect(study.volume.slices).toBe(28);
  expect(study.checks.find((check) => check.code === 'slice-of-another-series')?.files).toEqual(['IM999']);
});

test('two studies in one folder are two outcomes, each with its own checks', async () => {
  const files = [
    ...headFiles({ name: 'one/' }),
    ...headFiles({ name: 'two/', studyUid: '1.2.826.0.1.2', seriesUid: '1.2.826.0.1.2.1', slices: 3 }),
    memoryFile('two/readme', new Uint8Array(10)),
  ];
  const outcomes = await outcomesOf(files);
  expect(outcomes.map((o) => [o.kind, codes(o)])).toEqual([
    ['accepted', ['series-chosen']],
    ['refused', ['too-few-slices', 'other-files']],
  ]);
});

test('files of one path are files of their own: each slice has its own pixels', async () => {
  const files = Array.from({ length: 28 }, (_, i) => memoryFile('IM1', sliceBytes(i, { mark: i })));
  const { volume } = await accepted(files);
  const corners = Array.from({ length: 28 }, (_, slice) => sliceHu(volume, slice)[0]);
  expect(corners).toEqual(Array.from({ length: 28 }, (_, i) => i - 1000));
});

test('two studies whose files have equal paths each have their own pixels', async () => {
  const other = { studyUid: '1.2.826.0.1.7', seriesUid: '1.2.826.0.1.7.1' };
  const outcomes = await outcomesOf([...headFiles({ mark: 1 }), ...headFiles({ ...other, mark: 2 })]);
  const corners = outcomes.map((outcome) =>
    outcome.kind === 'accepted'
      ? [outcome.study.name, ...new Set(outcome.slices.map((_, i) => sliceHu(outcome.volume, i)[0]))]
      : codes(outcome),
  );
  expect(corners).toEqual([
    ['1.2.826.0.1.1', -999],
    ['1.2.826.0.1.7', -998],
  ]);
});

test('nothing, or nothing that is a study', async () => {
  expect(codes(await only([]))).toEqual(['no-files']);
  const noise = [memoryFile('a.txt', new Uint8Array(100)), memoryFile('b', new Uint8Array(0))];
  expect(codes(await only(noise))).toEqual(['no-study', 'other-files']);
  await expect(readStudy(noise)).rejects.toThrow(RefusedInput);
  await expect(readStudy(noise)).rejects.toThrow(
    'none of 2 files is a DICOM or NIfTI study that can be read',
  );
});

test('a file that is named as an image and is none is warned of, a hidden one beside it is not', async () => {
  const files = [
    ...HEAD,
    memoryFile('IM29.dcm', new Uint8Array(0)),
    memoryFile('IM30.IMA', new Uint8Array(60)),
    memoryFile('._IM1.dcm', new Uint8Array(60)),
  ];
  const study = await accepted(files);
  const said = study.checks.filter(({ code }) => code !== 'series-chosen');
  expect(said.map(({ code, severity, files: concerned }) => [code, severity, concerned])).toEqual([
    ['file-unreadable', 'warned', ['IM29.dcm']],
    ['file-unreadable', 'warned', ['IM30.IMA']],
    ['other-files', 'noted', ['._IM1.dcm']],
  ]);
  expect(said[0]?.text).toMatch(/^IM29\.dcm: the file is empty; /);
});

test('a file that is too large, or cannot be read, is a check and not the end', async () => {
  const large: StudyFile = {
    path: 'huge',
    size: 10e9,
    read: (first) =>
      first === undefined
        ? Promise.reject(new RefusedInput('file-too-large', 'huge has 10 GB'))
        : sliceOf(first),
  };
  const sliceOf = async (first: number) => sliceBytes(0).subarray(0, first);
  const study = await accepted([...HEAD, large]);
  expect(study.checks.find((check) => check.code === 'file-too-large')).toMatchObject({
    files: ['huge'],
    text: 'huge: the file has 10 GB',
  });
});

test('an abort ends the reading', async () => {
  const controller = new AbortController();
  const reading = readStudy(HEAD, { signal: controller.signal, onProgress: () => controller.abort() });
  await expect(reading).rejects.toMatchObject({ code: 'aborted' });
});

/** A disc's directory: the class is in the file meta information alone (PS3.10 8.6). */
const discDirectory = (...files: readonly (readonly string[])[]) =>
  writeDicomObject({
    attributes: {
      FileSetID: 'DISC',
      FileSetConsistencyFlag: 0,
      DirectoryRecordSequence: [
        ...files.map((path) => ({ DirectoryRecordType: 'IMAGE', ReferencedFileID: path })),
        { DirectoryRecordType: 'PATIENT', PatientName: 'Secret^Name' },
      ],
    },
  });

test.each([
  ['as it is written', 'DICOMDIR', 'DICOM/IM001'],
  ['that a system wrote in small letters', 'dicomdir', 'dicom/im001'],
  ['with the versions of its file system', 'DICOMDIR;1', 'DICOM/IM001;1'],
  ['with empty endings and versions', 'DICOMDIR.;1', 'DICOM/IM001.;1'],
  ['in a folder of its own', 'disc 1/DICOMDIR', 'disc 1/DICOM/IM001'],
])("a disc's directory %s: one file is there, one is not", async (_, name, first) => {
  const directory = memoryFile(name, discDirectory(['DICOM', 'IM001'], ['DICOM', 'LOST']));
  const [, ...others] = headFiles({ name: first.replace(/001.*$/, '') });
  const study = await accepted([directory, memoryFile(first, sliceBytes(0)), ...others]);
  expect(study.volume.slices).toBe(28);
  expect(study.checks.find((check) => check.code === 'dicomdir-file-missing')?.text).toBe(
    `${name} names 2 files, 1 of which are not there: DICOM/LOST`,
  );
  expect(codes(study)).not.toContain('file-unreadable');
});

test('an enhanced CT: a slice a frame, in order of their positions', async () => {
  const places = Array.from({ length: 12 }, (_, frame) => ((frame * 5) % 12) * 10 - 55);
  const study = await accepted([enhancedHead(places)]);
  expect(study.volume).toMatchObject({ slices: 12, geometry: { sliceSpacingMm: 10 } });
  expect(study.slices.map((s) => s.frame)).toEqual(places.map((_, i) => places.indexOf(i * 10 - 55)));
  for (let i = 0; i < 12; i++) {
    const expected = Int16Array.from(storedSlice(i * 10 - 55), (value) => value - 1024);
    expect(sliceHu(study.volume, i)).toEqual(expected);
  }
});

test('a fault in every slice is what readStudy throws', async () => {
  const files = headFiles({ attributes: { RescaleSlope: undefined } });
  await expect(readStudy(files)).rejects.toThrow(/^28 files: RescaleSlope .* 28 of 28 slices cannot be used/);
});

test('reasons that differ in their numbers alone are said once', async () => {
  const files = HEAD.map((file, i) => memoryFile(file.path, sliceBytes(i).subarray(0, 4000 + 2 * i)));
  const texts = (await only(files)).checks.map(({ text }) => text);
  expect(texts.filter((text) => text.includes('PixelData'))).toHaveLength(2);
  expect(texts[1]).toMatch(/^28 files, such as IM001: PixelData/);
});

test('frames that carry no position of their own are refused as that', async () => {
  const attributes = {
    ...CT_SLICE,
    StudyInstanceUID: '1.2.826.0.1.1',
    SeriesInstanceUID: '1.2.826.0.1.1.2',
    SOPInstanceUID: '1.2.826.0.1.1.2.1',
    NumberOfFrames: 12,
    ImagePositionPatient: [-126, -126, 0],
  };
  const bytes = writeDicomObject({ attributes, pixelData: new Uint16Array(12 * SIZE * SIZE) });
  const outcome = await only([memoryFile('conebeam', bytes)]);
  expect(outcome.checks[0]).toMatchObject({ code: 'geometry-missing', severity: 'refused' });
  expect(outcome.checks[0]?.text).toMatch(/its 12 frames carry no position of their own/);
});

const ROW = [1, 0, 0];
const turned = (degrees: number) => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { ImageOrientationPatient: [cos, sin, 0, -sin, cos, 0] };
};

test.each<[string, HeadSeries['attributesOf'], RegExp]>([
  [
    'coronal slices among axial ones',
    (i) => (i % 3 === 0 ? { ImageOrientationPatient: [...ROW, 0, 0, -1] } : {}),
    /^10 slices left out: leaning by 90 degrees against the others; 10 of 28 slices cannot be used/,
  ],
  [
    'every second slice turned in its plane',
    (i) => (i % 2 === 0 ? turned(5) : {}),
    /^14 slices left out: turned by 5 degrees in its plane against the others; 14 of 28/,
  ],
  [
    'each slice turned further',
    (i) => turned(3 * i),
    /^27 slices of 27 kinds left out, the first turned by 3 degrees in its plane .*; 27 of 28/,
  ],
  [
    'slices of another matrix',
    (i) => (i > 13 ? { Rows: 32, Columns: 128 } : {}),
    /^14 slices left out: 32 x 128, the others have 64 x 64; 14 of 28/,
  ],
  [
    'all slices at one place',
    () => ({ ImagePositionPatient: [0, 0, 0] }),
    /^all 28 slices lie at one Image Position/,
  ],
  [
    'no orientation',
    () => ({ ImageOrientationPatient: [0, 0, 0, 0, 0, 0] }),
    /^no slice has a sound Image Orientation/,
  ],
  [
    'colours of a palette',
    () => ({ PhotometricInterpretation: 'PALETTE COLOR' }),
    /^28 files: Photometric.*PALETTE COLOR/,
  ],
  [
    'a series for each file',
    (i) => ({ SeriesInstanceUID: `1.2.826.0.1.7.${i}` }),
    /^28 times: series 2 "HEAD 5 mm" \(1 slice\): it has 1 slice, at least 8/,
  ],
])('%s: the true reason is said first, and once', async (_, attributesOf, text) => {
  const outcome = await only(headFiles(attributesOf === undefined ? {} : { attributesOf }));
  expect(outcome.kind).toBe('refused');
  expect(outcome.checks[0]?.text).toMatch(text);
  expect(new Set(outcome.checks.map((check) => check.text)).size).toBe(outcome.checks.length);
});

test('a file named by a digit does not garble the numbers of its message', async () => {
  const { checks } = await only([memoryFile('1', sliceBytes(0).subarray(0, 4000))]);
  expect(checks[0]?.text).toMatch(
    /; 1: PixelData \(7FE0,0010\) at byte \d+ takes 8192 bytes, the file has 3186 more/,
  );
});

test.each<[string, HeadSeries['attributes']]>([
  [
    'with groups that hold no position',
    { PerFrameFunctionalGroupsSequence: Array.from({ length: 12 }, () => ({})) },
  ],
  ['without groups', { PerFrameFunctionalGroupsSequence: undefined }],
])('an enhanced CT %s is refused for the position', async (_, attributes) => {
  const places = Array.from({ length: 12 }, (_, frame) => 10 * frame);
  const outcome = await only([enhancedHead(places, attributes)]);
  expect(outcome.checks[0]).toMatchObject({
    code: 'geometry-missing',
    text: 'no slice has a sound Image Position (Patient)',
  });
});

test.each(['FloatPixelData', 'DoubleFloatPixelData'])(
  'floating-point pixels are named: %s',
  async (keyword) => {
    const attributes = { PixelData: undefined, [keyword]: new DataView(new ArrayBuffer(16)) };
    const bytes = writeDicomObject({
      attributes: {
        ...CT_SLICE,
        StudyInstanceUID: '1.2.826.0.1.1',
        SeriesInstanceUID: '1.2.826.0.1.1.2',
        SOPInstanceUID: '1.2.826.0.1.1.2.1',
        ...attributes,
      },
    });
    expect((await only([memoryFile('IM1', bytes)])).checks[0]?.text).toMatch(/floating point/);
  },
);

test("a scanner's own directory is no slice, whatever its flag", async () => {
  const record = { DirectoryRecordType: 'IMAGE', ReferencedFileID: ['PT0', 'IM0'] };
  const directory = writeDicomObject({
    attributes: { FileSetConsistencyFlag: '', DirectoryRecordSequence: [record] },
  });
  expect(codes(await accepted([memoryFile('DIRFILE', directory), ...HEAD]))).toEqual(['series-chosen']);
});

test.each<[string, Uint8Array, RegExp]>([
  ['IM1.dcm.gz', gzipSync(sliceBytes(0)), /a DICOM file packed with gzip/],
  ['study.tar.gz', gzipSync(tarOf(sliceBytes(0))), /a tar archive packed with gzip/],
  ['study.tar', tarOf(sliceBytes(0)), /a tar archive,/],
  ['study.7z', Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4), /a 7z archive/],
  ['study.rar', new TextEncoder().encode('Rar!\x1a\x07\x00'), /a RAR archive/],
  ['study.tar.bz2', new TextEncoder().encode('BZh91AY&SY'), /a file packed with bzip2,/],
  ['study.nii.xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /a file packed with xz,/],
  ['study.zip.gz', gzipSync(new TextEncoder().encode('PK\x03\x04')), /a zip archive packed with gzip/],
  ['inner.zip', new TextEncoder().encode('PK\x03\x04'), /a zip inside another/],
])('%s: an archive that is not opened is named', async (name, bytes, text) => {
  const outcome = await only([memoryFile(name, bytes)]);
  expect(outcome.checks[0]).toMatchObject({ code: 'archive', severity: 'refused' });
  expect(outcome.checks[0]?.text).toMatch(text);
  const beside = await accepted([memoryFile(name, bytes), ...HEAD]);
  expect(codes(beside)).toEqual(['series-chosen', 'file-unreadable']);
});

/** A header as tar has it (POSIX ustar), and the file. */
function tarOf(bytes: Uint8Array): Uint8Array {
  const tar = new Uint8Array(512 + bytes.length);
  tar.set(new TextEncoder().encode('IM1'));
  tar.set(new TextEncoder().encode('ustar'), 257);
  tar.set(bytes, 512);
  return tar;
}

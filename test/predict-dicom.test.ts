import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { EXIT_CODE, sha256 } from '../src/base/index.ts';
import { type PredictRun, predictBatch } from '../src/cli/index.ts';
import { refuseUnwritable } from '../src/files/index.ts';
import { readReport } from '../src/results/index.ts';
import { type OpenModel, openModel, RESULT_FILES } from '../src/service/index.ts';
import { type HeadSeries, headFiles } from './support/dicom-series.ts';
import { niftiBytes } from './support/nifti-file.ts';

let folder: string;
let model: OpenModel;
beforeAll(async () => {
  model = await openModel({ device: 'cpu' });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-predict-dicom-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await model.close();
  await rm(folder, { recursive: true });
});

afterEach(() => rm(path.join(folder, 'out'), { recursive: true, force: true }));

/** A head of so many slices, as files. */
async function headOf(slices: number, name: string, series: HeadSeries = {}): Promise<string> {
  const place = path.join(folder, name);
  await mkdir(place);
  for (const file of headFiles({ ...series, slices }))
    await writeFile(path.join(place, file.path), await file.read());
  return place;
}

async function predicted(input: string, flags: Partial<PredictRun['flags']>): Promise<number> {
  const defaults = { model: '', out: path.join(folder, 'out'), device: 'cpu', heatMaps: true } as const;
  await refuseUnwritable(defaults.out);
  const progress = { listen: () => undefined, stop: () => undefined };
  const { signal } = new AbortController();
  return await predictBatch({ flags: { ...defaults, ...flags }, model, progress, signal }, [input]);
}

/** The only study's objects, by name. */
async function objects(): Promise<Record<string, Uint8Array>> {
  const [record = ''] = globSync('out/*/outcome.json', { cwd: folder });
  const place = path.join(folder, path.dirname(record), 'dicom');
  const names = await readdir(place);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(place, name))] as const)),
  );
}

const hashesOf = (files: Record<string, Uint8Array>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]));
const reportOf = (files: Record<string, Uint8Array>) => {
  const report = readReport(files['report.dcm'] ?? new Uint8Array(), 'report.dcm');
  if (report === undefined) throw new Error('report.dcm is not a report of Ichor');
  return report;
};

test('rerun: nothing changed, the same objects; another operating point, new ones that name the earlier', async () => {
  const study = await headOf(8, 'head');
  expect(await predicted(study, { dicom: true, operatingPoint: 0 })).toBe(EXIT_CODE.predicted);
  const first = await objects();
  expect(Object.keys(first)).toContain('segmentation.dcm');
  // Where the service's destinations look for them
  expect(Object.keys(first).map((name) => `dicom/${name}`)).toEqual(
    expect.arrayContaining(Object.values(RESULT_FILES)),
  );
  expect(reportOf(first).predecessor).toBeUndefined();

  await new Promise((resolve) => setTimeout(resolve, 1100));
  await predicted(study, { dicom: true, operatingPoint: 0 });
  expect(hashesOf(await objects())).toEqual(hashesOf(first));

  await predicted(study, { dicom: true, operatingPoint: 1 });
  const changed = await objects();
  expect(Object.keys(changed)).not.toContain('segmentation.dcm');
  const [before, after] = [reportOf(first), reportOf(changed)];
  expect(after.predecessor).toEqual(before.identity);
  expect(after.identity.seriesInstanceUid).not.toBe(before.identity.seriesInstanceUid);
  expect(after.findings[0]?.trackingUid).toBe(before.findings[0]?.trackingUid);
  await predicted(study, { dicom: true, operatingPoint: 1 });
  expect(hashesOf(await objects())).toEqual(hashesOf(changed));

  await predicted(study, {});
  expect(await objects()).toEqual({});
});

const UNFIT: readonly [string, () => Promise<string>, readonly string[]][] = [
  [
    'no frame of reference',
    () => headOf(8, 'unplaced', { attributes: { FrameOfReferenceUID: undefined } }),
    ['segmentation.dcm', 'no-frame-of-reference'],
  ],
  [
    'an unknown character set',
    () => headOf(8, 'foreign', { attributes: { SpecificCharacterSet: 'LATIN-9' } }),
    ['report.dcm', 'character-set'],
  ],
  [
    'NIfTI',
    async () => {
      await writeFile(path.join(folder, 'head.nii'), niftiBytes());
      return path.join(folder, 'head.nii');
    },
    ['report.dcm', 'not-from-dicom'],
  ],
];

test.each(UNFIT)(
  '%s: what cannot be made is named; prediction and page come all the same',
  async (_, make, [object = '', code = '']) => {
    const said = vi.mocked(process.stderr.write);
    said.mockClear();
    expect(await predicted(await make(), { dicom: true, operatingPoint: 0 })).toBe(EXIT_CODE.predicted);
    const names = globSync('out/*/**', { cwd: folder }).map((file) => path.basename(file));
    expect(names).toEqual(expect.arrayContaining(['prediction.json', 'report.html']));
    expect(names).not.toContain(object);
    const text = said.mock.calls.map(([line]) => String(line)).join('');
    expect(text).toContain(object);
    expect(text).toContain(`(${code})`);
    expect(text).not.toContain('Secret');
  },
);

test('a refused study has a report that says why, and names no finding', async () => {
  const study = await headOf(3, 'short');
  expect(await predicted(study, { dicom: true })).toBe(EXIT_CODE.refused);
  const files = await objects();
  expect(Object.keys(files).toSorted()).toEqual(['fhir.json', 'report.dcm']);
  expect(new TextDecoder().decode(files['fhir.json'])).toContain('[too-few-slices]');
  const { findings, refusal } = reportOf(files);
  expect(findings).toEqual([]);
  expect(refusal?.status).toMatchObject({ value: '111245', scheme: 'DCM' });
  expect(refusal?.comments.join()).toContain('[too-few-slices]');
  await rm(path.join(folder, 'out'), { recursive: true });
  await predicted(study, {});
  await expect(objects()).rejects.toMatchObject({ code: 'ENOENT' });
});

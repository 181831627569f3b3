// Readers' verdicts become labels: the cohort room's own reader says what they are, and reads their images.
import { copyFile, link, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCohort } from '../src/cohort/index.ts';
import { ctFile } from '../src/dicom/ct-fixture.ts';
import { openTestService, type TestService } from '../src/server/http/service-fixture.ts';
import { exportLabels } from '../src/server/index.ts';

// Retention removes a study as its files are copied: no other way to be there at that moment
vi.mock('node:fs/promises', async (actual) => {
  const real = await actual<typeof import('node:fs/promises')>();
  return { ...real, copyFile: vi.fn(real.copyFile) };
});

let service: TestService;
let out = '';
beforeEach(async () => {
  service = await openTestService();
  out = path.join(service.root, 'judged');
});
afterEach(() => service.close());

/** A study of three slices, predicted so and judged so. */
async function judged(number: number, patient: string, positive: boolean, opinion: object): Promise<void> {
  const study = `1.2.826.0.1.${number}`;
  const slices = [1, 2, 3].map((slice) => `${study}.${slice}`);
  for (const [i, uid] of slices.entries()) {
    const uids = { StudyInstanceUID: study, SeriesInstanceUID: `${study}.9`, SOPInstanceUID: uid };
    await service.receive(uid, ctFile({ ...uids, PatientID: patient, ImagePositionPatient: [0, 0, 5 * i] }));
  }
  const prediction = JSON.stringify({ slices: slices.map((sopInstanceUid) => ({ sopInstanceUid })) });
  await service.predict({ positive }, { 'prediction.json': prediction }, study);
  const url = `/api/studies/${study}/verdict`;
  const answer = await service.app.inject({ method: 'POST', url, payload: opinion });
  expect(answer.statusCode).toBe(201);
}

const NONE = {
  ...{ anyHemorrhage: false, intraparenchymal: false, intraventricular: false },
  ...{ subdural: false, epidural: false, subarachnoid: false },
};

test('what readers said, and nothing else, is what the cohort reader finds', async () => {
  await judged(1, 'A', true, { opinion: 'agree', subtypes: { subdural: true } });
  await judged(2, 'A', true, { opinion: 'disagree' });
  const complete = { slices: ['1.2.826.0.1.3.2'], slicesComplete: true };
  await judged(3, 'B', false, {
    opinion: 'disagree',
    subtypes: { ...NONE, anyHemorrhage: undefined, subdural: true },
    ...complete,
  });
  expect(await exportLabels(service.root, out, 'own')).toMatchObject({ studies: 3, rows: 1 + 4 + 4 });
  const { studies, checks } = await readCohort(out);
  expect(checks).toEqual([]);
  const [first, second, third] = studies;
  expect(first).toMatchObject({ source: 'own', subject: { anyHemorrhage: true, subdural: true } });
  expect(first?.subject.epidural).toBeUndefined();
  expect(first?.slices).toBeUndefined();
  expect(second).toMatchObject({ subject: NONE, slices: [NONE, NONE, NONE] });
  expect(third?.subject).toEqual({ ...NONE, anyHemorrhage: true, subdural: true });
  expect(third?.slices).toEqual([NONE, { ...NONE, anyHemorrhage: true, subdural: true }, NONE]);
  expect(first?.patient).toBe(second?.patient);
  expect(first?.patient).toMatch(/^P[0-9a-f]{16}$/);
  expect(third?.patient).not.toBe(first?.patient);
});

test('frames of one object are labelled by their numbers, and not at all where a verdict does not tell them apart', async () => {
  const study = '1.2.826.0.1.7';
  await service.receive(`${study}.1`, ctFile({ StudyInstanceUID: study, SOPInstanceUID: `${study}.1` }));
  const frame = { sopInstanceUid: `${study}.1` };
  await service.predict({}, { 'prediction.json': JSON.stringify({ slices: [frame, frame, frame] }) }, study);
  const labelsAfter = async (more: object) => {
    const payload = { opinion: 'agree', slices: [frame.sopInstanceUid], slicesComplete: true, ...more };
    const url = `/api/studies/${study}/verdict`;
    const answer = await service.app.inject({ method: 'POST', url, payload });
    expect([answer.statusCode, answer.json()]).toMatchObject([201, more]);
    const csv: string = (await service.app.inject('/api/verdicts/export')).body;
    return csv
      .trim()
      .split('\r\n')
      .slice(2)
      .map((row) => row.split(',').slice(4, 6));
  };
  expect(await labelsAfter({})).toEqual([]);
  expect(await labelsAfter({ sliceNumbers: [2] })).toEqual([
    ['1', '0'],
    ['2', '1'],
    ['3', '0'],
  ]);
  expect(await labelsAfter({ sliceNumbers: [4] })).toEqual([]);
});

test('the route gives the same labels; what changed since is left out', async () => {
  await judged(1, 'A', true, { opinion: 'agree' });
  await judged(2, 'B', true, { opinion: 'agree' });
  const late = {
    StudyInstanceUID: '1.2.826.0.1.2',
    SeriesInstanceUID: '1.2.826.0.1.2.9',
    SOPInstanceUID: '1.2.826.0.1.2.4',
  };
  await service.receive(late.SOPInstanceUID, ctFile(late));
  const csv = (await service.app.inject('/api/verdicts/export')).body;
  expect(csv.trim().split('\r\n')).toHaveLength(2);
  expect(csv).toMatch(/\r\nown,P[0-9a-f]{16},1\.2\.826\.0\.1\.1,studies\/1\.2\.826\.0\.1\.1,,1,,,,,\r\n$/);
  expect(csv).not.toContain('Secret');
});

/** By name, of the first study that `judged` makes. */
async function exported(): Promise<Map<string, string>> {
  const folder = path.join(out, 'studies/1.2.826.0.1.1');
  const read = async (name: string) => (await readFile(path.join(folder, name))).toString('hex');
  const names = (await readdir(folder)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}

test('what was exported outlives the removal of its study from the archive', async () => {
  await judged(1, 'A', true, { opinion: 'agree' });
  const own = service.archive.paths('1.2.826.0.1.1');
  await exportLabels(service.root, out, 'own');
  const before = await exported();
  expect([...before.keys()]).toEqual(own.map((file) => path.basename(file)).sort());
  const manifest = await readFile(path.join(out, 'manifest.csv'), 'utf8');
  expect(await service.archive.remove('1.2.826.0.1.1', 'test', 'old')).toBe(true);
  expect(await exported()).toEqual(before);
  expect((await readCohort(out)).checks).toEqual([]);
  expect(await exportLabels(service.root, out, 'own')).toMatchObject({ studies: 1, leftOut: 0 });
  expect(await exported()).toEqual(before);
  // With the patient's own code, not one of the study
  expect(await readFile(path.join(out, 'manifest.csv'), 'utf8')).toBe(manifest);
});

test('what was removed before it was exported is left out and counted, also by the route', async () => {
  await judged(1, 'A', true, { opinion: 'agree' });
  await judged(2, 'A', true, { opinion: 'agree' });
  expect(await service.archive.remove('1.2.826.0.1.1', 'test', 'old')).toBe(true);
  expect(await exportLabels(service.root, out, 'own')).toMatchObject({ studies: 1, rows: 1, leftOut: 1 });
  expect(await readdir(path.join(out, 'studies'))).toEqual(['1.2.826.0.1.2']);
  expect((await readCohort(out)).studies.map(({ study }) => study)).toEqual(['1.2.826.0.1.2']);
  const csv = (await service.app.inject('/api/verdicts/export')).body;
  expect(csv).toBe(await readFile(path.join(out, 'manifest.csv'), 'utf8'));
});

/** Zeros while the last object is copied, as retention writes them before it takes the names away. */
async function removeAsCopied(study: string, isGoneAlready: boolean): Promise<void> {
  const last = service.archive.paths(study).at(-1) ?? '';
  const { size } = await stat(last);
  const { copyFile: real } = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
  vi.mocked(copyFile).mockImplementation(async (source, target, mode) => {
    if (source !== last) return real(source, target, mode);
    vi.mocked(copyFile).mockImplementation(real);
    if (!isGoneAlready) await real('/dev/null', target);
    if (!isGoneAlready) await truncate(String(target), size);
    await service.archive.remove(study, 'test', 'old');
    if (isGoneAlready) await real(source, target, mode);
  });
}

test.each([
  ['is gone', true],
  ['holds zeros', false],
])(
  'a study whose object %s while it is exported is left out, or stays as it was exported before',
  async (_, isGoneAlready) => {
    await judged(1, 'A', true, { opinion: 'agree' });
    await judged(2, 'B', true, { opinion: 'agree' });
    await exportLabels(service.root, path.join(out, 'before'), 'own');
    await removeAsCopied('1.2.826.0.1.1', isGoneAlready);
    expect(await exportLabels(service.root, out, 'own')).toMatchObject({ studies: 1, leftOut: 1 });
    expect(await readdir(path.join(out, 'studies'))).toEqual(['1.2.826.0.1.2']);
    await removeAsCopied('1.2.826.0.1.2', isGoneAlready);
    expect(await exportLabels(service.root, path.join(out, 'before'), 'own')).toMatchObject({ studies: 2 });
    expect((await readCohort(path.join(out, 'before'))).checks).toEqual([]);
  },
);

test('an object that is damaged on the disk is named, and not exported', async () => {
  await judged(1, 'A', true, { opinion: 'agree' });
  const [own = ''] = service.archive.paths('1.2.826.0.1.1');
  await truncate(own, 400);
  const ended = exportLabels(service.root, out, 'own');
  await expect(ended).rejects.toMatchObject({
    code: 'object-damaged',
    message: expect.stringContaining(path.basename(own)),
  });
});

test('what a killed export left half is whole after the next one, in files of its own', async () => {
  await judged(1, 'A', true, { opinion: 'agree' });
  await exportLabels(service.root, out, 'own');
  const [before, top] = [await exported(), (await readdir(out)).sort()];
  expect(top).toEqual(['manifest.csv', 'studies']);
  const [half = '', linked = ''] = service.archive.paths('1.2.826.0.1.1');
  const placeOf = (own: string) => path.join(out, 'studies/1.2.826.0.1.1', path.basename(own));
  await truncate(placeOf(half), 100);
  // As earlier versions exported
  await rm(placeOf(linked));
  await link(linked, placeOf(linked));
  await writeFile(path.join(out, 'killed.partial'), 'half');
  await exportLabels(service.root, out, 'own');
  expect(await exported()).toEqual(before);
  expect((await stat(linked)).nlink).toBe(1);
  expect((await readCohort(out)).checks).toEqual([]);
});

test('an export that fails leaves nothing half', async () => {
  await judged(1, 'A', true, { opinion: 'agree' });
  const [own = ''] = service.archive.paths('1.2.826.0.1.1');
  const target = path.join(out, 'studies/1.2.826.0.1.1', path.basename(own));
  await mkdir(target, { recursive: true });
  await expect(exportLabels(service.root, out, 'own')).rejects.toMatchObject({ code: 'path-is-folder' });
  expect(await readdir(out)).toEqual(['studies']);
});

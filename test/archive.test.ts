import { mkdir, mkdtemp, open, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Archive, openArchive } from '../src/archive/index.ts';
import { sha256 } from '../src/base/index.ts';
import { CT_IMAGE, ctFile, dataSetOf } from '../src/dicom/ct-fixture.ts';
import { readDicomObject } from '../src/dicom/index.ts';

const STUDY = String(CT_IMAGE.StudyInstanceUID);
const EXPLICIT = '1.2.840.10008.1.2.1';

let root = '';
let archive: Archive;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-archive-'));
  archive = await openArchive(root);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await archive.close();
  await rm(root, { recursive: true });
});

const instance = (number: number) => `1.2.826.0.1.1.2.${number}`;

function arrivalOf(number = 1) {
  const sopClassUid = String(CT_IMAGE.SOPClassUID);
  return { sopClassUid, sopInstanceUid: instance(number), transferSyntaxUid: EXPLICIT, from: 'test' };
}

const slice = (number: number, rest = {}) =>
  dataSetOf(ctFile({ SOPInstanceUID: instance(number), InstanceNumber: number, ...rest }));

async function send(number: number, bytes = slice(number), arrival = arrivalOf(number)) {
  const object = await archive.receive(arrival);
  try {
    for (let start = 0; start < bytes.length; start += 100)
      await object.write(bytes.subarray(start, start + 100));
    return await object.keep();
  } catch (thrown) {
    await object.discard();
    throw thrown;
  }
}

const facts = { model: 'b'.repeat(64), probability: 0.5, positive: true, disagreement: false };
const incoming = () => readdir(path.join(root, 'incoming'));
const heldFiles = () => readdir(path.join(root, 'objects', STUDY));

async function reopen() {
  await archive.close();
  archive = await openArchive(root);
}

test('an object is kept as it was sent, and read back', async () => {
  const bytes = slice(1);
  expect(await send(1, bytes)).toMatchObject({ study: STUDY, instance: instance(1), isDuplicate: false });
  await reopen();
  const [place = ''] = archive.paths(STUDY);
  const kept = await readFile(place);
  expect(sha256(dataSetOf(kept))).toBe(sha256(bytes));
  expect(readDicomObject(kept, { where: 'test' })).toMatchObject({ transferSyntaxUid: EXPLICIT, frames: 1 });
  expect(archive.index.study(STUDY)?.objects.get(instance(1))).toMatchObject({
    sha256: sha256(bytes),
    modality: 'CT',
  });
  expect(await incoming()).toEqual([]);
});

test('the same object again is a duplicate; another of its UID is a second version, which is then read', async () => {
  await send(1);
  expect(await send(1)).toMatchObject({ isDuplicate: true });
  await send(1, slice(1, { SliceThickness: 3 }));
  expect(await heldFiles()).toHaveLength(2);
  const [place = '', ...others] = archive.paths(STUDY);
  expect(others).toEqual([]);
  expect(readDicomObject(await readFile(place), { where: 'test' }).number('SliceThickness')).toBe(3);
});

test.each([
  ['object-contradicts', () => send(1, slice(2))],
  ['object-contradicts', () => archive.receive({ ...arrivalOf(), sopInstanceUid: '../../etc/passwd' })],
  ['tag-missing', () => send(1, slice(1, { StudyInstanceUID: '..' }))],
  ['tag-missing', () => send(1, slice(1, { SeriesInstanceUID: undefined }))],
  ['dicom-truncated', () => send(1, slice(1).subarray(0, 155))],
])('%s: refused, and nothing is left behind', async (code, sending) => {
  await expect(sending()).rejects.toMatchObject({ code });
  expect(await incoming()).toEqual([]);
  expect([...archive.index.studies()]).toEqual([]);
});

test('bytes, name, folder and journal are on the disk, in this order, before the sender is told', async () => {
  const handle = await open(path.join(root, 'probe'), 'w');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const calls: string[] = [];
  for (const name of ['sync', 'datasync']) {
    const original = prototype[name];
    vi.spyOn(prototype, name).mockImplementation(async function (this: typeof handle) {
      calls.push(`${name} of a ${(await this.stat()).isDirectory() ? 'folder' : 'file'}`);
      return original.call(this);
    });
  }
  await send(1);
  expect(calls).toEqual(['sync of a file', 'sync of a folder', 'sync of a folder', 'datasync of a file']);
});

test('what was cut off by a kill is gone at the next start; what was acknowledged is there', async () => {
  await send(1);
  await writeFile(path.join(root, 'incoming', 'cut.part'), 'half');
  await reopen();
  expect(await incoming()).toEqual([]);
  expect(archive.index.study(STUDY)?.objects.size).toBe(1);
});

test('a result that a kill left half-written is gone at the next start, and whole ones are there', async () => {
  await send(1);
  const predict = async () => {
    await archive.move(STUDY, 'queued', 'predicting', 'test');
    return (await readdir(path.join(root, 'results', STUDY)).catch(() => [])).toSorted();
  };
  await archive.move(STUDY, 'receiving', 'queued', 'test');
  await predict();
  const facts = { model: 'b'.repeat(64), probability: 0.5, positive: false, disagreement: false };
  await archive.finish(STUDY, 'test', { facts, files: { 'prediction.json': '{}', 'dicom/report.dcm': 'x' } });
  await archive.move(STUDY, 'done', 'queued', 'test');
  const before = await predict();
  const cut = path.join(root, 'results', STUDY, '2026-11-30T00-00-00.000Z', 'dicom');
  await mkdir(cut, { recursive: true });
  await writeFile(path.join(cut, 'report.dcm'), 'whole');
  await writeFile(path.join(cut, 'fhir.json.1.partial'), 'half');
  const [old, fresh] = [path.join(root, 'audit.head.1.partial'), path.join(root, 'audit.head.2.partial')];
  for (const file of [old, fresh]) await writeFile(file, 'half');
  await utimes(old, 0, 0);
  await reopen();
  expect(await readdir(path.join(root, 'results', STUDY))).toEqual(before);
  expect(before).toHaveLength(1);
  // Somebody else may just be writing a new one
  expect((await readdir(root)).filter((name) => name.endsWith('.partial'))).toEqual([path.basename(fresh)]);
});

const REPORT = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.34', Modality: 'SR' };
const reportFile = (number: number) =>
  ctFile({ ...REPORT, SOPInstanceUID: instance(number), SeriesInstanceUID: '1.2.826.0.1.9' });
const sendReport = (number: number) =>
  send(number, dataSetOf(reportFile(number)), { ...arrivalOf(number), sopClassUid: REPORT.SOPClassUID });
const queueAndTake = async () => {
  await archive.move(STUDY, 'receiving', 'queued', 'test');
  await archive.move(STUDY, 'queued', 'predicting', 'test');
};

test('an object of ours that comes back is acknowledged, not kept; one of another maker stands beside the slices', async () => {
  await send(1);
  await queueAndTake();
  const files = { 'prediction.json': '{}', 'dicom/report.dcm': reportFile(2), 'dicom/odd.dcm': 'damaged' };
  await archive.finish(STUDY, 'test', { facts, files });
  const { line } = archive.position;
  expect(await sendReport(2)).toMatchObject({ isDuplicate: true });
  expect(archive.position.line).toBe(line);
  expect(await sendReport(3)).toMatchObject({ isDuplicate: false });
  await reopen();
  expect(archive.index.study(STUDY)).toMatchObject({ state: 'done', results: [{ probability: 0.5 }] });
  expect([...(archive.index.study(STUDY)?.objects.keys() ?? [])]).toEqual([instance(1), instance(3)]);
  expect(await incoming()).toEqual([]);
});

test('what comes late after a removal is kept over a restart; what the removal left is not', async () => {
  await send(1);
  await send(2);
  await queueAndTake();
  await archive.finish(STUDY, 'test', { facts, files: { 'prediction.json': '{}' } });
  await archive.remove(STUDY, 'test', 'old');
  await sendReport(3);
  await send(1);
  await writeFile(path.join(root, 'objects', STUDY, 'left.dcm'), 'half removed');
  await reopen();
  expect(await heldFiles()).toHaveLength(2);
  expect(archive.paths(STUDY)).toHaveLength(2);
  expect(await archive.move(STUDY, 'done', 'queued', 'test')).toBe(false);
  expect(archive.index.study(STUDY)?.state).toBe('done');
});

test('one process serves a folder', async () => {
  await expect(openArchive(root)).rejects.toMatchObject({ code: 'archive-in-use' });
});

test('once the journal is lost, a result that is handed in again and again leaves no further files', async () => {
  await send(1);
  await queueAndTake();
  const handle = await open(path.join(root, 'journal.jsonl'));
  const sync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
  await handle.close();
  sync.mockRejectedValueOnce(Object.assign(new Error('input/output error'), { code: 'EIO' }));
  const files = { 'prediction.json': '{}' };
  const results = () => readdir(path.join(root, 'results', STUDY));
  await expect(archive.finish(STUDY, 'test', { facts, files })).rejects.toMatchObject({
    code: 'journal-lost',
  });
  const left = await results();
  const reason = { code: 'no-slices', text: 'no slice could be read' };
  await expect(archive.finish(STUDY, 'test', { facts, files })).rejects.toMatchObject({
    code: 'journal-lost',
  });
  await expect(archive.refuse(STUDY, 'test', reason, files)).rejects.toMatchObject({ code: 'journal-lost' });
  expect(await results()).toEqual(left);
});

test('a result is kept with its files, and is lost for a slice that came meanwhile', async () => {
  await send(1);
  await archive.move(STUDY, 'receiving', 'queued', 'test');
  await archive.move(STUDY, 'queued', 'predicting', 'test');
  const result = { facts, files: { 'prediction.json': '{}', 'dicom/report.dcm': 'x' } };
  expect(await archive.finish(STUDY, 'test', result)).toBe(true);
  await reopen();
  const [kept] = archive.index.study(STUDY)?.results ?? [];
  expect(await readFile(path.join(root, kept?.folder ?? '', 'dicom/report.dcm'), 'utf8')).toBe('x');
  expect(kept?.sha256).toBe(sha256(Buffer.from('{}')));

  await archive.move(STUDY, 'done', 'queued', 'test');
  await archive.move(STUDY, 'queued', 'predicting', 'test');
  const late = send(2);
  expect(await Promise.all([late, late.then(() => archive.finish(STUDY, 'test', result))])).toMatchObject([
    { isDuplicate: false },
    false,
  ]);
  expect(await readdir(path.join(root, 'results', STUDY))).toHaveLength(1);
});

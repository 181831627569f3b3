import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Archive, currentFolder, openArchive } from '../src/archive/index.ts';
import { sha256 } from '../src/base/index.ts';
import { CT_IMAGE, ctFile, dataSetOf } from '../src/dicom/ct-fixture.ts';
import { readFileMeta } from '../src/dicom/index.ts';
import { type Destination, openAssociation, startDelivering } from '../src/server/index.ts';
import { freePort } from './support/ports.ts';
import { eventually } from './support/served.ts';

const STUDY = String(CT_IMAGE.StudyInstanceUID);
const object = (number: number) =>
  ctFile({ SOPInstanceUID: `1.2.826.0.1.9.${number}`, InstanceNumber: number });

let root = '';
let archive: Archive;
let port = 0;
let storescp: ChildProcess | undefined;
let delivering: { close(): Promise<void> } | undefined;
const log: string[] = [];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-delivery-'));
  archive = await openArchive(path.join(root, 'data'));
  port = await freePort();
  const received = await archive.receive({ ...readFileMeta(ctFile(), { where: 'test' }), from: 'test' });
  await received.write(dataSetOf(ctFile()));
  await received.keep();
  await archive.move(STUDY, 'receiving', 'queued', 'test');
  await archive.move(STUDY, 'queued', 'predicting', 'test');
});
afterEach(async () => {
  await delivering?.close();
  storescp?.kill();
  await archive.close();
  await rm(root, { recursive: true });
});

/** dcmtk's receiver, which keeps files as they come. */
async function startReceiver(): Promise<void> {
  await mkdir(path.join(root, 'pacs'), { recursive: true });
  storescp = spawn('storescp', ['+B', '-aet', 'PACS', '-od', path.join(root, 'pacs'), String(port)]);
  const peer = { host: '127.0.0.1', port, calledAe: 'PACS', callingAe: 'TEST' };
  const answers = () =>
    openAssociation(peer).then(
      (one) => one.release().then(() => true),
      () => false,
    );
  await eventually(answers, (isThere) => isThere, 10);
}

const finish = (files: Record<string, Uint8Array>) =>
  archive.finish(STUDY, 'test', {
    facts: { model: 'b'.repeat(64), probability: 0.9, positive: true, disagreement: false },
    files: { 'prediction.json': '{}', ...files },
  });
const start = (when: 'result' | 'refused' = 'result') => {
  const destination: Destination = { name: 'pacs', ae: 'PACS', host: '127.0.0.1', port, when };
  delivering = startDelivering(archive, [destination], 'ICHOR', (text) => log.push(text));
};
const delivery = async () => archive.index.study(STUDY)?.results.at(-1)?.deliveries.pacs;

test('a result reaches an archive with the bytes that lie here', async () => {
  await startReceiver();
  start();
  const files = { 'dicom/report.dcm': object(1), 'dicom/segmentation.dcm': object(2) };
  await finish(files);
  const done = await eventually(delivery, (state) => state !== undefined, 20);
  expect(done).toEqual({ at: expect.any(String), tries: 1 });
  const names = await readdir(path.join(root, 'pacs'));
  const received = await Promise.all(names.map((name) => readFile(path.join(root, 'pacs', name))));
  const digests = (list: readonly Uint8Array[]) => list.map((file) => sha256(dataSetOf(file))).toSorted();
  expect(digests(received)).toEqual(digests(Object.values(files)));
});

test('an archive that is away is seen as such, and gets the result after a restart of ours', async () => {
  await finish({ 'dicom/report.dcm': object(1) });
  start();
  const failed = await eventually(delivery, (state) => state !== undefined, 20);
  expect(failed).toMatchObject({ tries: 1, failure: { code: 'destination-unreachable' } });
  expect(log.join()).not.toMatch(/Secret|1\.2\.826/);
  await delivering?.close();
  await archive.close();
  archive = await openArchive(path.join(root, 'data'));
  await startReceiver();
  start();
  const done = await eventually(delivery, (state) => state?.failure === undefined, 30);
  expect(done?.tries).toBe(2);
  expect(await readdir(path.join(root, 'pacs'))).toHaveLength(1);
});

test('the report of a refusal reaches an archive that asks for it, and is what the next one takes the place of', async () => {
  await startReceiver();
  start('refused');
  const reason = { code: 'too-few-slices', text: 'the series has 1 slice' };
  expect(await archive.refuse(STUDY, 'test', reason, { 'dicom/report.dcm': object(1) })).toBe(true);
  const study = () => {
    const held = archive.index.study(STUDY);
    if (held === undefined) throw new Error('the study is not held');
    return held;
  };
  await eventually(
    async () => study().ending?.deliveries.pacs,
    (told) => told !== undefined,
    20,
  );
  expect(await readdir(path.join(root, 'pacs'))).toHaveLength(1);
  const folder = currentFolder(study());
  expect(await readdir(path.join(archive.folders.root, folder ?? '', 'dicom'))).toEqual(['report.dcm']);
  await archive.move(STUDY, 'refused', 'queued', 'test');
  expect(currentFolder(study())).toBeUndefined();
  expect(study().newestFolder).toBe(folder);
  await archive.move(STUDY, 'queued', 'predicting', 'test');
  await finish({});
  expect(study().newestFolder).toBe(currentFolder(study()));
  // Journal and files alone tell the same
  await archive.close();
  archive = await openArchive(path.join(root, 'data'));
  expect(study().ending).toMatchObject({ folder, hasFiles: true });
});

test('what is refused too late leaves no files', async () => {
  await finish({});
  const reason = { code: 'too-few-slices', text: 'the series has 1 slice' };
  expect(await archive.refuse(STUDY, 'test', reason, { 'dicom/report.dcm': object(1) })).toBe(false);
  expect(await readdir(path.join(archive.folders.results, STUDY))).toHaveLength(1);
});

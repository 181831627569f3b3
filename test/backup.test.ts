import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Archive, backUp, openArchive, restore } from '../src/archive/index.ts';
import { queueStudy, receiveSlice, resultOf, studyUid } from './support/held-studies.ts';

const run = promisify(execFile);
// Something happens to the data folder as a file of it is copied: no other way to be there at that moment
vi.mock('node:fs/promises', async (actual) => {
  const real = await actual<typeof import('node:fs/promises')>();
  return { ...real, copyFile: vi.fn(real.copyFile) };
});
let root = '';
let archive: Archive;
const at = (...names: string[]) => path.join(root, ...names);
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-backup-'));
  archive = await openArchive(at('data'));
});
afterEach(async () => {
  await archive.close();
  await rm(root, { recursive: true });
});

async function finish(study: string, probability: number): Promise<void> {
  await queueStudy(archive, study);
  await archive.move(study, 'queued', 'predicting', 'test');
  await archive.finish(study, 'test', resultOf(probability));
}

test('a backup is brought up to date, also with a user whose new password is as long as the old one', async () => {
  await mkdir(at('data', 'access'));
  await writeFile(at('data', 'access', 'accounts.json'), 'old password');
  await backUp(at('data'), at('backup'));
  await writeFile(at('data', 'access', 'accounts.json'), 'new password');
  await backUp(at('data'), at('backup'));
  expect(await readFile(at('backup', 'access', 'accounts.json'), 'utf8')).toBe('new password');
});

test('a backup is brought up to date, and forgets what was removed', async () => {
  await finish(studyUid(1), 0.25);
  await backUp(at('data'), at('backup'));
  await finish(studyUid(2), 0.75);
  const [file = ''] = archive.paths(studyUid(1));
  const bytes = await readFile(file);
  expect(await archive.remove(studyUid(1), 'test', 'older than 1 days')).toBe(true);
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await backUp(at('data'), at('backup'))).toEqual({ studies: 2, objects: 1, results: 2 });
  expect(await readdir(at('backup', 'objects', studyUid(1)))).toEqual([]);
  expect((await readdir(at('backup'))).toSorted()).toEqual(['journal.jsonl', 'objects', 'results']);
  expect(bytes.length).toBeGreaterThan(0);
});

/** As retention does: zeros, and while they are there the file is copied; then its name goes. */
async function removeAsCopied(study: string, sendAgain: boolean): Promise<void> {
  const [file = ''] = archive.paths(study);
  const { length } = await readFile(file);
  const real = (await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises')).copyFile;
  vi.mocked(copyFile).mockImplementation(async (source, target, mode) => {
    if (source !== file) return real(source, target, mode);
    vi.mocked(copyFile).mockImplementation(real);
    await writeFile(file, new Uint8Array(length));
    await real(source, target, mode);
    await archive.remove(study, 'test', 'older than 1 days');
    if (sendAgain) await receiveSlice(archive, study);
  });
}

test.each([
  ['gone', false],
  ['sent again', true],
])('a backup beside retention holds no zeros of what is %s', async (_, sendAgain) => {
  await finish(studyUid(1), 0.25);
  await finish(studyUid(2), 0.75);
  await removeAsCopied(studyUid(1), sendAgain);
  expect(await backUp(at('data'), at('backup'))).toMatchObject({ studies: 2, objects: sendAgain ? 2 : 1 });
  for (const study of await readdir(at('backup', 'objects')))
    for (const name of await readdir(at('backup', 'objects', study))) {
      const kept = await readFile(at('backup', 'objects', study, name));
      expect(kept).toEqual(await readFile(at('data', 'objects', study, name)));
    }
  expect(await restore(at('backup'), at('new'))).toMatchObject({ studies: 2 });
});

test('a backup that retention never lets come to an end says so', async () => {
  const real = (await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises')).copyFile;
  let removed = 0;
  vi.mocked(copyFile).mockImplementation(async (...copied) => {
    const study = studyUid(++removed);
    await finish(study, 0.25);
    await archive.remove(study, 'test', 'older than 1 days');
    await real(...copied);
  });
  await finish(studyUid(100), 0.25);
  const ended = backUp(at('data'), at('backup'));
  await expect(ended).rejects.toMatchObject({ code: 'backup-incomplete' });
  vi.mocked(copyFile).mockImplementation(real);
  expect(await backUp(at('data'), at('backup'))).toMatchObject({ objects: 1 });
});

test('a removed study keeps its result, and begins anew when it is sent again', async () => {
  await finish(studyUid(1), 0.25);
  expect(await archive.remove(studyUid(1), 'test', 'older than 1 days')).toBe(true);
  expect(await archive.remove(studyUid(1), 'test', 'older than 1 days')).toBe(false);
  await archive.close();
  // What a stop between the removal and its end left, and what was made since
  const attributes = (name: string) => at('data', 'metadata', `${studyUid(1)}.${name}`);
  await mkdir(at('data', 'metadata'));
  for (const name of ['json', 'jsonl']) await writeFile(attributes(name), 'Secret^Name');
  await utimes(attributes('jsonl'), 1, 1);
  archive = await openArchive(at('data'));
  expect(await readdir(at('data', 'metadata'))).toEqual([path.basename(attributes('json'))]);
  expect(archive.index.study(studyUid(1))).toMatchObject({ state: 'done', results: [{ probability: 0.25 }] });
  await receiveSlice(archive, studyUid(1));
  expect(archive.index.study(studyUid(1))).toMatchObject({ state: 'receiving' });
  expect(archive.index.study(studyUid(1))).not.toHaveProperty('removedAt');
  const [file = ''] = archive.paths(studyUid(1));
  expect((await readFile(file)).length).toBeGreaterThan(0);
  expect(await archive.remove(studyUid(1), 'test', 'older than 1 days')).toBe(false);
});

const REPORT = { 'report.html': '<p>none</p>', 'dicom/report.dcm': 'DICM' };

test.each<[string, (folder: string) => Promise<unknown>]>([
  ['altered', (folder) => writeFile(path.join(folder, 'report.html'), '<p>some</p>')],
  ['gone', (folder) => rm(path.join(folder, 'dicom', 'report.dcm'))],
  ['added', (folder) => writeFile(path.join(folder, 'dicom', 'other.dcm'), 'DICM')],
])('a file of a result, or of a refusal, that was %s in a backup is found', async (_, change) => {
  const [done, refused] = [studyUid(1), studyUid(2)];
  for (const study of [done, refused]) {
    await queueStudy(archive, study);
    await archive.move(study, 'queued', 'predicting', 'test');
  }
  const { facts, files } = resultOf(0.25);
  await archive.finish(done, 'test', { facts, files: { ...files, ...REPORT } });
  await archive.refuse(refused, 'test', { code: 'not-a-head', text: 'none' }, REPORT);
  const folders = [
    archive.index.study(done)?.results[0]?.folder,
    archive.index.study(refused)?.ending?.folder,
  ];
  for (const [i, folder = ''] of folders.entries()) {
    const backup = at(`backup-${i}`);
    await backUp(at('data'), backup);
    expect(await restore(backup, at(`whole-${i}`))).toMatchObject({ studies: 2, results: 1 });
    await change(path.join(backup, folder));
    await expect(restore(backup, at(`new-${i}`))).rejects.toMatchObject({
      code: 'backup-damaged',
      message: expect.stringContaining(folder),
    });
  }
});

test('the checksum of all files is that of what sha256sum says of them', async () => {
  await queueStudy(archive, studyUid(1));
  await archive.move(studyUid(1), 'queued', 'predicting', 'test');
  const { facts, files } = resultOf(0.25);
  await archive.finish(studyUid(1), 'test', { facts, files: { ...files, ...REPORT } });
  const [result] = archive.index.study(studyUid(1))?.results ?? [];
  const list = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum";
  const { stdout } = await run('sh', ['-c', list], { cwd: at('data', result?.folder ?? '') });
  expect(stdout).toBe(`${result?.filesSha256}  -\n`);
});

test('what was altered in a backup is found before anything is restored', async () => {
  await finish(studyUid(1), 0.25);
  await backUp(at('data'), at('backup'));
  const [result] = archive.index.study(studyUid(1))?.results ?? [];
  const file = at('backup', result?.folder ?? '', 'prediction.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('0.25', '0.75'));
  await expect(restore(at('backup'), at('new'))).rejects.toMatchObject({ code: 'backup-damaged' });
  await expect(readdir(at('new'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(restore(at('backup'), at('data'))).rejects.toMatchObject({ code: 'restore-not-empty' });
  await expect(backUp(at('data'), at('data', 'backup'))).rejects.toMatchObject({
    code: 'backup-inside-data',
  });
});

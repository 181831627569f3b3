import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { FILE_LIMITS, freeName } from '../base/index.ts';
import {
  explainSystemError,
  findStudyFiles,
  refuseUnwritable,
  writeFilesWhole,
  writeFileWhole,
} from './index.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-files-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function folder(name: string, contents: Record<string, string | Uint8Array>): Promise<string> {
  const place = path.join(root, name);
  await mkdir(place, { recursive: true });
  for (const [file, content] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(place, file)), { recursive: true });
    await writeFile(path.join(place, file), content);
  }
  return place;
}

async function zipOf(contents: Record<string, string | Uint8Array>): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(contents)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (e: { name: string; code: string }) => `${e.name} ${e.code}`,
  );

/** Same-length replacement of text in a file's bytes, wherever it stands. */
function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(from, to), 'latin1');
}

test('a folder is searched whole: any depth, zips opened, circular links walked once, in order of paths', async () => {
  const place = await folder('deep', {
    'b.dcm': 'bb',
    'a/x/y/IM1': 'one',
    'a/notes.txt': 'n',
    'z.zip': await zipOf({ 'DICOM/IM2': 'two' }),
  });
  await symlink(place, path.join(place, 'a', 'round'));
  const files = await findStudyFiles(place);
  expect(files.map((f) => f.path)).toEqual(['a/notes.txt', 'a/x/y/IM1', 'b.dcm', 'z.zip/DICOM/IM2']);
  expect(files.map((f) => f.size)).toEqual([1, 3, 2, 3]);
  expect(text(await files[3]!.read())).toBe('two');
  expect(text(await files[1]!.read(2))).toBe('on');
  expect(text(await files[3]!.read(1))).toBe('t');
});

test('one file, and a DICOMDIR that stands for its disc', async () => {
  const place = await folder('disc', { DICOMDIR: 'd', 'IMAGES/I1': '1' });
  expect((await findStudyFiles(path.join(place, 'IMAGES/I1'))).map((f) => f.path)).toEqual(['I1']);
  const disc = await findStudyFiles(path.join(place, 'DICOMDIR'));
  expect(disc.map((f) => f.path)).toEqual(['DICOMDIR', 'IMAGES/I1']);
});

test('a missing path is wrong usage', async () => {
  expect(await codeOf(findStudyFiles(path.join(root, 'nothing')))).toBe('UsageError path-missing');
});

test('a file of 10 GB is listed, its head can be read, the whole is refused without memory being spent', async () => {
  const place = await folder('large', {});
  const handle = await open(path.join(place, 'huge.dcm'), 'w');
  await handle.truncate(10e9);
  await handle.close();
  const [huge] = await findStudyFiles(place);
  expect(huge?.size).toBe(10e9);
  expect(await huge?.read(4)).toHaveLength(4);
  const before = process.memoryUsage().rss;
  await expect(huge?.read()).rejects.toThrow('huge.dcm has 10.0 GB; files up to 2.1 GB are read');
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});

test.each([
  ['leaves the zip upwards', 'xx/evil', '../evil', 'zip-path-escape'],
  ['is absolute', 'xetc/evil', '/etc/evil', 'zip-path-escape'],
])('a path that %s is refused', async (_, name, evil, code) => {
  const bytes = replaced(await zipOf({ [name]: 'x' }), name, evil);
  const place = await folder(`escape-${code}-${name.slice(0, 2)}`, { 'a.zip': bytes });
  expect(await codeOf(findStudyFiles(path.join(place, 'a.zip')))).toBe(`RefusedInput ${code}`);
});

test('a zip bomb is refused by its directory; in a folder it is one file that says why', async () => {
  const bomb = await zipOf({ 'bomb.dcm': new Uint8Array(64 * 2 ** 20), 'good.dcm': 'fine' });
  const place = await folder('bomb', { 'bomb.zip': bomb, 'other.dcm': 'o' });
  expect(await codeOf(findStudyFiles(path.join(place, 'bomb.zip')))).toBe('RefusedInput zip-bomb');
  const files = await findStudyFiles(place);
  expect(files.map((f) => f.path)).toEqual(['bomb.zip', 'other.dcm']);
  await expect(files[0]?.read()).rejects.toThrow(/bomb\.dcm holds .* as a zip bomb does/);
});

test('a size that lies is found out while unpacking, not after', async () => {
  const honest = Buffer.from(await zipOf({ a: new Uint8Array(1000).fill(7) }));
  const at = honest.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  honest.writeUInt32LE(10, at + 24);
  const place = await folder('liar', { 'a.zip': honest });
  const [entry] = await findStudyFiles(path.join(place, 'a.zip'));
  expect(entry?.size).toBe(10);
  expect(await codeOf(entry!.read())).toBe('RefusedInput zip-corrupt');
});

test('entries of one name are files of their own, each with its own bytes', async () => {
  const bytes = replaced(await zipOf({ IM1: 'first', IM2: 'second' }), 'IM2', 'IM1');
  const place = await folder('twins', { 'a.zip': bytes });
  const files = await findStudyFiles(path.join(place, 'a.zip'));
  expect(files.map((f) => f.path)).toEqual(['IM1', 'IM1 (2)']);
  expect(await Promise.all(files.map(async (f) => text(await f.read())))).toEqual(['first', 'second']);
});

test('as many entries of one name as a zip may hold are told apart, in no time that grows with their square', () => {
  const taken = new Map<string, number>();
  const names = Array.from({ length: FILE_LIMITS.zipEntries }, () => freeName('IM1', taken));
  expect([names[2], freeName('IM1 (2)', taken), freeName('IM1', taken)]).toEqual([
    'IM1 (3)',
    'IM1 (2) (2)',
    'IM1 (200001)',
  ]);
});

test('bytes that are not those that were packed are found out when the whole is read', async () => {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('x'.repeat(400)), 'IM1', { compress: false });
  zip.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const place = await folder('flipped', { 'a.zip': replaced(Buffer.concat(chunks), 'xxxx', 'xyxx') });
  const [entry] = await findStudyFiles(path.join(place, 'a.zip'));
  await expect(entry?.read()).rejects.toThrow('IM1: damaged in its zip: its checksum is another');
});

test('a truncated zip is refused by name', async () => {
  const bytes = await zipOf({ a: 'content', b: 'content' });
  const place = await folder('cut', { 'a.zip': bytes.subarray(0, bytes.length - 30) });
  expect(await codeOf(findStudyFiles(path.join(place, 'a.zip')))).toBe('RefusedInput zip-corrupt');
});

test('files are written whole, folders made, nothing partial left', async () => {
  const place = path.join(root, 'out');
  await writeFilesWhole(place, { 'report.html': '<p>', 'images/01.png': new Uint8Array([1]) });
  await writeFileWhole(path.join(place, 'report.html'), 'newer');
  expect(await readFile(path.join(place, 'report.html'), 'utf8')).toBe('newer');
  expect((await readdir(place, { recursive: true })).sort()).toEqual([
    'images',
    'images/01.png',
    'report.html',
  ]);
});

test('where one of several files cannot be written, none is', async () => {
  const place = await folder('half', { images: 'a file where a folder should be' });
  const writing = writeFilesWhole(place, { 'report.html': '<p>', 'images/01.png': 'x' });
  await expect(writing).rejects.toThrow(/^cannot write .*images\/01\.png: /);
  expect(await readdir(place)).toEqual(['images']);
});

test('where a folder stands in the place of one of several files, none is replaced', async () => {
  const place = await folder('occupied', { 'report.html': 'old', 'prediction.json/a': 'x' });
  const writing = writeFilesWhole(place, { 'report.html': 'new', 'prediction.json': '{}' });
  await expect(writing).rejects.toMatchObject({ code: 'path-is-folder' });
  expect(await readFile(path.join(place, 'report.html'), 'utf8')).toBe('old');
});

test('a folder made for files that cannot be written goes with them', async () => {
  const place = path.join(root, 'made', 'for', 'this');
  const writing = writeFilesWhole(place, { 'a.html': '<p>', [`${'n'.repeat(300)}.png`]: 'x' });
  await expect(writing).rejects.toMatchObject({ code: 'path-too-long' });
  expect(await readdir(root)).not.toContain('made');
});

test('no permission is one clear line, for the superuser too', async () => {
  const outcome = await codeOf(writeFileWhole('/sys/ichor/a', 'x'));
  expect(['UsageError no-permission', 'UsageError read-only']).toContain(outcome);
  // Where no folder can be made at all, Node's own making of folders would try for ever
  expect(await codeOf(refuseUnwritable('/proc/ichor/a'))).toMatch(/^UsageError /);
});

test.each([
  [
    'ENOSPC',
    'IchorError disk-full: cannot write a/b: no space is left on the disk; free some or write elsewhere',
  ],
  ['EROFS', 'UsageError read-only: cannot write a/b: the file system is read-only'],
  ['EACCES', 'UsageError no-permission: cannot write a/b: permission denied'],
])('%s in one clear line', (errno, expected) => {
  const explained = explainSystemError(Object.assign(new Error('raw'), { code: errno }), 'write', 'a/b');
  expect(`${explained.name} ${explained.code}: ${explained.message}`).toBe(expected);
});

test('a full disk leaves nothing behind', async () => {
  const full = '/dev/full';
  const handle = await open(full, 'w').catch(() => undefined);
  if (handle === undefined) return;
  const failure = await handle.writeFile('x').then(
    () => undefined,
    (e: unknown) => e,
  );
  await handle.close();
  expect(explainSystemError(failure, 'write', 'a').code).toBe('disk-full');
});

test('a folder that cannot be written to is found before any work is done', async () => {
  const file = path.join(root, 'a-file');
  await writeFileWhole(file, 'x');
  await expect(refuseUnwritable(path.join(file, 'below'))).rejects.toMatchObject({ code: 'path-not-folder' });
  await expect(refuseUnwritable(file)).rejects.toThrow(
    `cannot write ${file}: it is a file, a folder was expected`,
  );
  const fresh = path.join(root, 'fresh');
  await refuseUnwritable(fresh);
  expect(await readdir(fresh)).toEqual([]);
});

test.each([
  [9, 'Deflate64'],
  [12, 'bzip2'],
  [14, 'LZMA'],
  [93, 'zstd'],
  [98, 'an unknown one'],
])('a zip of method %d: what is not opened is named', async (method, name) => {
  const zip = await zipOf({ IM1: 'one '.repeat(20) });
  // In place of method 8 (deflate), in the local header and in the directory (APPNOTE 4.3.7, 4.3.12)
  const bytes = Uint8Array.from(zip);
  bytes[8] = method;
  bytes[Buffer.from(bytes).indexOf('PK\x01\x02', 0, 'latin1') + 10] = method;
  const place = await folder(`method-${method}`, { 'study.zip': bytes });
  const [file] = await findStudyFiles(path.join(place, 'study.zip'));
  await expect(file?.read()).rejects.toThrow(
    `compression method ${method} (${name}), which is not opened; unpack it`,
  );
});

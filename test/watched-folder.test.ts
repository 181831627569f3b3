import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Archive, openArchive } from '../src/archive/index.ts';
import { CT_IMAGE, ctFile } from '../src/dicom/ct-fixture.ts';
import { createIntake, type Intake, watchFolders } from '../src/server/index.ts';
import { eventually } from './support/served.ts';

const STUDY = String(CT_IMAGE.StudyInstanceUID);
const LOOK_MS = 50;

let root = '';
let archive: Archive;
let intake: Intake;
let watching: { close(): Promise<void> };
let refused: unknown[] = [];
const log: string[] = [];
const folder = () => path.join(root, 'inbox');
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-watched-'));
  archive = await openArchive(path.join(root, 'data'));
  refused = [];
  log.length = 0;
  const events = {
    kept: () => undefined,
    notKept: (why: unknown) => refused.push(why),
    log: () => undefined,
  };
  intake = createIntake(archive, events);
});
afterEach(async () => {
  await watching.close();
  await intake.close();
  await archive.close();
  await rm(root, { recursive: true });
});

const start = (remove: boolean) => {
  watching = watchFolders(intake, [{ folder: folder(), remove }], (text) => log.push(text), LOOK_MS);
};
const held = async () => archive.index.study(STUDY)?.objects.size ?? 0;
const slice = (number: number) => ctFile({ SOPInstanceUID: `1.2.3.${number}`, InstanceNumber: number });

test('files of a folder and of folders in it are kept and taken away; what is none stays', async () => {
  await mkdir(path.join(folder(), 'series'), { recursive: true });
  await writeFile(path.join(folder(), 'a.dcm'), slice(1));
  await writeFile(path.join(folder(), 'series', 'b'), slice(2));
  await writeFile(path.join(folder(), 'readme.txt'), 'x'.repeat(500));
  start(true);
  await eventually(held, (count) => count === 2, 20);
  await eventually(
    async () => refused.length,
    (count) => count === 1,
    20,
  );
  await eventually(
    () => readdir(path.join(folder(), 'series')),
    (names) => names.length === 0,
    20,
  );
  expect((await readdir(folder())).toSorted()).toEqual(['readme.txt', 'series']);
  expect(archive.index.study(STUDY)?.objects.get('1.2.3.1')?.from).toBe('watched folder');
});

test('a file that stays is read once, and again when it has changed', async () => {
  await mkdir(folder());
  await writeFile(path.join(folder(), 'a.dcm'), slice(1));
  start(false);
  await eventually(held, (count) => count === 1, 20);
  const { line } = archive.position;
  await writeFile(path.join(folder(), 'a.dcm'), slice(2));
  await eventually(held, (count) => count === 2, 20);
  expect(archive.position.line).toBe(line + 1);
});

test('a folder that is not there is told of once, and watched when it comes', async () => {
  start(true);
  await eventually(
    async () => log.length,
    (count) => count === 1,
    20,
  );
  await mkdir(folder());
  await writeFile(path.join(folder(), 'a.dcm'), slice(1));
  await eventually(held, (count) => count === 1, 20);
  expect(log).toHaveLength(1);
});

import { appendFileSync, readFileSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Archive, openArchive } from '../src/archive/index.ts';
import { CT_IMAGE, ctFile } from '../src/dicom/ct-fixture.ts';
import { createIntake, type Intake, watchFolders } from '../src/server/index.ts';
import { eventually } from './support/served.ts';

/** Places that the system denies: by `open` and `readdir`, or by the name of another call before them; an administrator has no others. */
const { denied, vanished } = vi.hoisted(() => ({ denied: new Set<string>(), vanished: new Set<string>() }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const unless = (key: string, places: ReadonlySet<string>, code: string) => {
    if (places.has(key)) throw Object.assign(new Error(`${code}: ${key}`), { code });
  };
  const guarded =
    (name: 'open' | 'readdir' | 'stat' | 'rm', deniedAs: string) =>
    async (place: string, ...rest: never[]) => {
      unless(`${deniedAs}${place}`, denied, 'EACCES');
      if (name === 'open' || name === 'stat') unless(place, vanished, 'ENOENT');
      return await (real[name] as (place: string, ...rest: never[]) => Promise<unknown>)(place, ...rest);
    };
  return {
    ...real,
    ...{ open: guarded('open', ''), readdir: guarded('readdir', '') },
    ...{ stat: guarded('stat', 'stat '), rm: guarded('rm', 'rm ') },
  };
});

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
  denied.clear();
  vanished.clear();
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

const start = (remove: boolean, into = intake) => {
  watching = watchFolders(into, [{ folder: folder(), remove }], (text) => log.push(text), LOOK_MS);
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

test('what cannot be read keeps nothing else waiting, is told of once without its name, and is taken when it can be', async () => {
  await mkdir(path.join(folder(), 'DOE^JANE'), { recursive: true });
  const first = path.join(folder(), 'a^DOE^JANE.dcm');
  await writeFile(first, slice(1));
  await writeFile(path.join(folder(), 'b.dcm'), slice(2));
  await writeFile(path.join(folder(), 'DOE^JANE', 'c.dcm'), slice(3));
  denied.add(first).add(path.join(folder(), 'DOE^JANE'));
  start(false);
  await eventually(held, (count) => count === 1, 20);
  await pause(5 * LOOK_MS);
  expect(log).toEqual([
    `in the watched folder ${folder()}, folders that cannot be read (EACCES): 1; all else is taken`,
    `in the watched folder ${folder()}, files that cannot be read (EACCES): 1; all else is taken`,
  ]);
  expect(refused).toEqual([]);
  denied.clear();
  await eventually(held, (count) => count === 3, 20);
  expect(log).toHaveLength(2);
});

test('a file that is kept and cannot be taken away is told of once, and the others go', async () => {
  await mkdir(folder());
  const first = path.join(folder(), 'a.dcm');
  await writeFile(first, slice(1));
  await writeFile(path.join(folder(), 'b.dcm'), slice(2));
  denied.add(`rm ${first}`);
  start(true);
  await eventually(held, (count) => count === 2, 20);
  await eventually(
    () => readdir(folder()),
    (names) => names.length === 1,
    20,
  );
  await pause(5 * LOOK_MS);
  expect(log).toEqual([
    `in the watched folder ${folder()}, files that were kept and cannot be taken away (EACCES): 1; all else is taken`,
  ]);
});

test('a file that vanishes between two glances is none of our business', async () => {
  await mkdir(folder());
  await writeFile(path.join(folder(), 'a.dcm'), slice(1));
  await writeFile(path.join(folder(), 'b.dcm'), slice(2));
  vanished.add(path.join(folder(), 'a.dcm'));
  start(false);
  await eventually(held, (count) => count === 1, 20);
  await pause(3 * LOOK_MS);
  expect(log).toEqual([]);
});

/** The intake, with somebody else at the folder: after the first object is kept, and as the first look ends. */
function disturbed(
  onFirstKept: () => Promise<void>,
  onFirstEnd: (received: readonly string[]) => void,
): Intake {
  const received: string[] = [];
  let [kept, ends] = [0, 0];
  return {
    ...intake,
    visit: (from) => {
      const visit = intake.visit(from);
      return {
        notKept: (reason) => visit.notKept(reason),
        ended: (isWhole) => {
          visit.ended(isWhole);
          if (++ends === 1) onFirstEnd([...received]);
        },
        receive: async (announced) => {
          received.push(announced.sopInstanceUid);
          const object = await visit.receive(announced);
          const keep = async () => {
            const one = await object.keep();
            if (++kept === 1) await onFirstKept();
            return one;
          };
          return { ...object, keep };
        },
      };
    },
  };
}

test('a file that is replaced while the one before it is kept stays, and is taken by a later look', async () => {
  await mkdir(folder());
  const file = path.join(folder(), 'a.dcm');
  const when = new Date('2026-01-01T00:00:00Z');
  await writeFile(file, slice(1));
  await utimes(file, when, when);
  const replace = async () => {
    const other = path.join(folder(), '.a.dcm');
    await writeFile(other, slice(2));
    await utimes(other, when, when);
    // Nothing but the inode tells them apart
    expect((await stat(other)).size).toBe((await stat(file)).size);
    await rename(other, file);
  };
  let afterFirst: Uint8Array | undefined;
  start(
    true,
    disturbed(replace, () => {
      afterFirst = readFileSync(file);
    }),
  );
  await eventually(held, (count) => count === 2, 20);
  expect(afterFirst).toEqual(Buffer.from(slice(2)));
  await eventually(
    () => readdir(folder()),
    (names) => names.length === 0,
    20,
  );
});

test('a copy that goes on while an earlier file is kept is received when it is whole', async () => {
  await mkdir(folder());
  const [file, bytes] = [path.join(folder(), 'b.dcm'), slice(2)];
  const [half, most] = [bytes.length - 200, bytes.length - 100];
  await writeFile(path.join(folder(), 'a.dcm'), slice(1));
  await writeFile(file, bytes.subarray(0, half));
  let ofFirst: readonly string[] = [];
  start(
    true,
    disturbed(
      () => appendFile(file, bytes.subarray(half, most)),
      (received) => {
        ofFirst = received;
        appendFileSync(file, bytes.subarray(most));
      },
    ),
  );
  await eventually(held, (count) => count === 2, 20);
  expect(ofFirst).toEqual(['1.2.3.1']);
  expect(refused).toEqual([]);
  const kept = await readFile(archive.pathOf(STUDY, '1.2.3.2') ?? '');
  expect(kept.subarray(-300)).toEqual(Buffer.from(bytes.subarray(-300)));
});

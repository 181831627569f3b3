/** `ichor cohort` as a user runs it. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../src/base/index.ts';
import {
  foldsSchema,
  labelledCohort,
  patientSplitSchema,
  readCohort,
  SPLIT_PARTS,
} from '../src/cohort/index.ts';
import { CQ500_HEADER, cq500Row, writeCq500Study } from './support/cq500-files.ts';
import { createPlaces, writeAll } from './support/places.ts';
import { writeRsna } from './support/rsna-2019.ts';
import { withoutProgress } from './support/told.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const createPlace = createPlaces('cohort-cli');
let place: string;

/** Five subjects, two readers who disagree on the last. */
const READERS_MANIFEST = [
  'source,patient,study,path,reader,anyHemorrhage,age,scanner',
  ...[
    [0, 0, 40, 'GE'],
    [0, 0, 50, 'GE'],
    [1, 1, 60, 'Siemens'],
    [1, 1, 70, 'Toshiba'],
    [1, 0, 90, 'Toshiba'],
  ].flatMap(([one, two, age, scanner], i) => [
    `own,P${i},S${i},S${i},R1,${one},${age},${scanner}`,
    `own,P${i},S${i},S${i},R2,${two},${age},${scanner}`,
  ]),
].join('\n');

/** Five patients of RSNA, one with two studies; two studies of CQ500, one of which is not there. */
beforeAll(async () => {
  place = await createPlace();
  const studies = ['11111', '22222', '33333', '44444', '55555', '66666'].map((id, i) => ({
    study: `ID_${id}12345`,
    patient: `ID_0000000${Math.min(i, 4)}`,
    positive: (slice: number) => (i % 2 === 0 && slice === 3 ? ['any', 'subdural'] : []),
  }));
  await writeRsna(path.join(place, 'rsna'), studies);
  const cq500 = path.join(place, 'cq500');
  await writeCq500Study(cq500, 0);
  const rows = [
    cq500Row('CQ500-CT-0', [['ICH', 'SDH'], ['ICH', 'SDH'], ['ICH']]),
    cq500Row('CQ500-CT-1', [[], [], []]),
  ];
  await writeAll(cq500, { 'reads.csv': `${[CQ500_HEADER, ...rows].join('\n')}\n` });
  await writeAll(place, { 'readers.csv': READERS_MANIFEST });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ichorCohort = (...args: string[]): Promise<Ended> => ichor('cohort', ...args);

const ichor = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: place }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

test('import two data sets into one store, inspect it by its split, verify it', async () => {
  const imported = await ichorCohort('import', 'rsna', 'cq500', '--out', 'store', '--json');
  expect({ code: imported.code, told: withoutProgress(imported.stderr) }).toEqual({ code: 0, told: '' });
  const [rsna, cq500] = imported.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rsna).toMatchObject({ cohort: 'rsna-2019', stored: 6, slices: 72, refused: [] });
  expect(cq500).toMatchObject({ stored: 1, checks: [{ code: 'images-missing' }] });

  const split = await ichorCohort(
    'split',
    'store',
    '--out',
    'split.json',
    '--shares',
    '60,20,20',
    '--seed',
    '4',
  );
  expect(split.code, split.stderr).toBe(0);
  const parts = patientSplitSchema.parse(JSON.parse(await readFile(path.join(place, 'split.json'), 'utf8')));
  expect([...parts.training, ...parts.validation, ...parts.test]).toHaveLength(6);

  const inspected = await ichorCohort('inspect', 'store', '--split', 'split.json', '--out', 'tables');
  expect(inspected.stdout).toMatch(/\| ICH \| \d \(\d:\d\) /);
  expect(inspected.stdout).toContain('R1 and R2');
  expect(inspected.stdout).toMatch(/\| Manufacturer \| TEST \(1\) \| – \|/);
  expect((await readdir(path.join(place, 'tables', 'tables'))).sort()).toContain('distribution.tex');
  expect(await readFile(path.join(place, 'tables', 'cohort.md'), 'utf8')).toContain(
    'figures/positive-subjects.svg',
  );

  const verified = await ichorCohort('verify', 'store', '--split', 'split.json', '--json');
  expect(verified.code).toBe(0);
  const lines = verified.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ accepted }) => accepted)).toEqual(Array(7).fill(true));
});

test('an import that is killed goes on, and ends with the bytes of one that was not', async () => {
  const journal = path.join(place, 'killed', 'scans.jsonl');
  const args = [main, 'cohort', 'import', 'rsna', 'cq500', '--out', 'killed', '--threads', '1'];
  const child = spawn(process.execPath, args, { cwd: place, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stored = () => readFile(journal, 'utf8').catch(() => '');
  while (child.exitCode === null && (await stored()) === '') await setTimeout(5);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect((await stored()).split('\n').length).toBeLessThan(8);

  const again = await ichorCohort('import', 'rsna', 'cq500', '--out', 'killed', '--json');
  expect(again.code, again.stderr).toBe(0);
  const kept = again.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kept);
  expect(kept[0]).toBeGreaterThan(0);
  expect(await filesBelow('killed')).toEqual(await filesBelow('store'));
});

/** Every file's SHA-256; the journal's lines come in the order in which threads end. */
async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(path.join(place, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const hashed = files.sort().map(async (file) => {
    const bytes = await readFile(file);
    const content = file.endsWith('.jsonl') ? bytes.toString().split('\n').sort().join('\n') : bytes;
    return [
      path.relative(path.join(place, folder), file),
      createHash('sha256').update(content).digest('hex'),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(hashed));
}

test('inspect: readers who disagree agree by so much less; Table 1 has its tests and leaves out who has no label', async () => {
  const { code, stdout, stderr } = await ichorCohort('inspect', 'readers.csv', '--json');
  expect(code, stderr).toBe(0);
  const tables = JSON.parse(stdout) as { id: string; rows: unknown[][]; notes: string[] }[];
  const table = (id: string) => tables.find((one) => one.id === id);
  const [agreement] = table('agreement-own')?.rows ?? [];
  expect(agreement?.slice(0, 5)).toEqual(['Any hemorrhage', 'subject', 'R1 and R2', 5, '80%']);
  // (0.8 - 0.48) / (1 - 0.48)
  expect(agreement?.[5]).toMatchObject({ value: expect.closeTo(0.615385, 5) });
  // F(1, 2) = 8, of which p = 1 - sqrt(0.8), and chi-squared(2) = 4, of which p = exp(-2)
  expect(table('demographics')?.rows).toEqual([
    ['Studies', 2, 2, ''],
    [
      'age',
      '45.00 \u00b1 7.07 (40\u201350)',
      '65.00 \u00b1 7.07 (60\u201370)',
      { shown: '0.106 (ANOVA)', exact: expect.closeTo(1 - Math.sqrt(0.8), 10) },
    ],
    [
      'scanner: GE',
      2,
      0,
      {
        shown: '0.135 (\u03c7\u00b2, smallest expected count below 5)',
        exact: expect.closeTo(Math.exp(-2), 10),
      },
    ],
    ['scanner: Siemens', 0, 1, ''],
    ['scanner: Toshiba', 0, 1, ''],
  ]);
  expect(table('demographics')?.notes).toEqual([
    '1 studies are not labelled for any hemorrhage and not counted.',
  ]);
});

test('split: folds hold each patient once, and are counted and held to the scans like splits; kept splits keep theirs', async () => {
  const json = async (file: string) => JSON.parse(await readFile(path.join(place, file), 'utf8'));
  const folded = await ichorCohort('split', 'readers.csv', '--folds', '2', '--out', 'folds.json');
  expect(folded.stdout).toContain('| fold 1: subjects | fold 1: slices | fold 2: subjects |');
  const { folds } = foldsSchema.parse(await json('folds.json'));
  expect(folds.flat().sort()).toEqual([0, 1, 2, 3, 4].map((i) => `own/P${i}`));
  expect(folds.map((fold) => fold.length).sort()).toEqual([2, 3]);

  const shares = ['--shares', '40,30,30'];
  await ichorCohort('split', 'readers.csv', '--out', 'first.json', ...shares);
  const first = patientSplitSchema.parse(await json('first.json'));
  const more = ['P5', 'P6', 'P7'].map((id) => `own,${id},${id},${id},R1,1,50,GE`);
  await writeFile(path.join(place, 'more.csv'), [READERS_MANIFEST, ...more].join('\n'));
  const seed = ['--seed', '20260101'];
  const kept = await ichorCohort(
    'split',
    'more.csv',
    '--out',
    'second.json',
    '--keep',
    'first.json',
    ...shares,
    ...seed,
  );
  expect(kept.code, kept.stderr).toBe(0);
  const second = patientSplitSchema.parse(await json('second.json'));
  for (const part of SPLIT_PARTS) expect(second[part]).toEqual(expect.arrayContaining(first[part]));
  expect(SPLIT_PARTS.flatMap((part) => second[part])).toHaveLength(8);

  const both = await ichorCohort(
    'split',
    'more.csv',
    '--out',
    'x.json',
    '--folds',
    '2',
    '--keep',
    'first.json',
  );
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('[options-contradict]') });
  const counted = await ichorCohort('inspect', 'readers.csv', '--split', 'folds.json');
  expect(counted.stdout).toContain('| fold 1: subjects | fold 1: slices | fold 2: subjects |');
  const again = { ...(await json('folds.json')), folds: [...folds, folds[0]] };
  await writeFile(path.join(place, 'again.json'), JSON.stringify(again));
  const twice = await ichorCohort('verify', 'readers.csv', '--split', 'again.json');
  expect(twice).toMatchObject({ code: 3, stderr: expect.stringContaining('[patient-on-both-sides]') });
});

test('a place that is mistyped stops before anything is read; nothing to read is said', async () => {
  for (const command of [
    ['verify', 'rsna', 'rnsa'],
    ['import', 'rsna', 'rnsa', '--out', 'again'],
  ]) {
    const { code, stdout, stderr } = await ichorCohort(...command);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('cannot read rnsa: there is no such file or folder');
  }
  expect(await readdir(place)).not.toContain('again');
  await writeAll(path.join(place, 'imageless'), {
    'reads.csv': `${CQ500_HEADER}\n${cq500Row('CQ500-CT-1', [[], [], []])}\n`,
  });
  const inspected = await ichorCohort('inspect', 'imageless');
  expect(inspected).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('no study has both labels and images'),
  });
  expect(await ichorCohort('verify', 'imageless')).toMatchObject({ code: 3 });
});

test('verify reads a data set: refused studies are named and the exit code is 3', async () => {
  const manifest = 'source,patient,study,path,anyHemorrhage\nown,1,gone,nowhere,0\n';
  await writeFile(path.join(place, 'labels.csv'), manifest);
  const { code, stdout } = await ichorCohort('verify', 'labels.csv', 'rsna');
  expect(code).toBe(3);
  expect(stdout).toMatch(/own\/gone: refused: .* \[path-missing\]/);
  expect(stdout).toContain('rsna: 6 of 6 studies can be used (72 slices)');
});

test('what ichor phantom writes is a cohort', async () => {
  const made = await ichor('phantom', '--count', '1', '--workers', '1', '--out', 'phantoms');
  expect(made.code, made.stderr).toBe(0);
  const { code, stdout } = await ichorCohort('verify', 'phantoms', '--threads', '1');
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/phantoms: 1 of 1 studies/),
  });
});

test("its manifest names masks that have each slice's subtypes", async () => {
  const { studies } = labelledCohort(await readCohort(path.join(place, 'phantoms')));
  const [study] = studies;
  const mask = await study?.loadMask?.();
  const volume = await study?.load();
  expect([mask?.slices, mask?.rows, mask?.columns]).toEqual([volume?.slices, volume?.rows, volume?.columns]);
  const area = (mask?.rows ?? 0) * (mask?.columns ?? 0);
  const marked = study?.slices?.map((_, i) => {
    const values = new Set(mask?.values.subarray(i * area, (i + 1) * area));
    return HEMORRHAGE_SUBTYPE_NAMES.filter((_name, subtype) => values.has(subtype + 1));
  });
  const labelled = study?.slices?.map((labels) => HEMORRHAGE_SUBTYPE_NAMES.filter((name) => labels[name]));
  expect(marked).toEqual(labelled);
  expect(labelled?.flat().length).toBeGreaterThan(0);
});

test('a split with a patient on both sides: exit 3; wrong options and an unknown folder: exit 2', async () => {
  const split = JSON.parse(await readFile(path.join(place, 'split.json'), 'utf8'));
  await writeFile(path.join(place, 'bad.json'), JSON.stringify({ ...split, test: split.training }));
  const both = await ichorCohort('verify', 'store', '--split', 'bad.json');
  expect(both).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('all scans of a patient belong on one side'),
  });
  const wrong = await ichorCohort('split', 'store', '--out', 'x.json', '--shares', '80,10');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('add up to 100') });
  const unknown = await ichorCohort('inspect', 'tables');
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not a data set that Ichor knows'),
  });
});

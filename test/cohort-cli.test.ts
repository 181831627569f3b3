/** `ichor cohort` as a user runs it. */
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../src/base/index.ts';
import { labelledCohort, patientSplitSchema, readCohort } from '../src/cohort/index.ts';
import { CQ500_HEADER, cq500Row, writeCq500Study } from './support/cq500-files.ts';
import { createPlaces, writeAll } from './support/places.ts';
import { writeRsna } from './support/rsna-2019.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const createPlace = createPlaces('cohort-cli');
let place: string;

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
  expect({ code: imported.code, stderr: imported.stderr }).toEqual({ code: 0, stderr: '' });
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
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('no data set that is known') });
});

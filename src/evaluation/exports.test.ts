import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createRandom } from '../base/index.ts';
import { evaluate } from './evaluate.ts';
import { DIALECTS, type ExportedRow, written } from './opinions/exports-fixture.ts';
import { readOpinions } from './opinions/read-opinions.ts';
import { DEFAULT_OPTIONS } from './options.ts';
import { outputFiles } from './report/output-files.ts';

/** 40 patients, a model and two readers, one of whom left some cases unread; ages with decimals, some unknown. */
const KNOWN: readonly ExportedRow[] = Array.from({ length: 40 }, (_, k): ExportedRow[] => {
  const random = createRandom(4).fork(`${k}`);
  const truth = k % 3 === 0;
  const probability = Number((0.15 + 0.4 * Number(truth) + 0.4 * random.uniform()).toFixed(3));
  const age = k % 7 === 0 ? undefined : 30 + k + 0.5 * (k % 2);
  const call = (right: number) => (random.chance(right) ? truth : !truth);
  const head = [`P${k}`, `S${k}`, truth] as const;
  const tail = [age, k % 4 === 0 ? 'yes' : 'no'] as const;
  return [
    [...head, 'model', probability, undefined, ...tail],
    [...head, 'Dr A', undefined, call(0.9), ...tail],
    [...head, 'Dr B', undefined, k % 5 === 0 ? undefined : call(0.8), ...tail],
  ];
}).flat();

/** Every file of the report; how columns were spelt is said in the flow of studies alone. */
async function reportOf(text: string): Promise<Record<string, string>> {
  const opinions = { ...(await readOpinions(Readable.from([text]))), notes: [] };
  const readingRoom = { ...DEFAULT_OPTIONS.readingRoom, studies: 500 };
  const evaluation = await evaluate(opinions, { ...DEFAULT_OPTIONS, replicates: 40, readingRoom });
  return Object.fromEntries(outputFiles(evaluation, opinions).map(({ path, text: own }) => [path, own]));
}

// a hundredth of a percentage differs from the share in its last digit
const { 'Excel, English': plainDialect, 'percent, where the column says so': _, ...others } = DIALECTS;

it('one known table gives one report, whichever program wrote it', async () => {
  const known = await reportOf(written(plainDialect ?? { separator: ',', flags: ['0', '1'] }, KNOWN));
  expect(Object.keys(known).length).toBeGreaterThan(40);
  expect(known['tables/subject-level.csv']).toMatch(/Any hemorrhage,model,40,14,/);
  expect(known['tables/demographics.md']).toContain('age');
  for (const [name, dialect] of Object.entries(others)) {
    const found = await reportOf(written(dialect, KNOWN));
    expect(Object.keys(found), name).toEqual(Object.keys(known));
    for (const [file, text] of Object.entries(found)) expect(text, `${name}, ${file}`).toBe(known[file]);
  }
}, 120_000);

// npm run cases: every file of ICHOR_CASES (../shared/cases) gives what its README says it should; a line per file.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../src/base/index.ts';
import type { Case, CaseResult } from './case.ts';
import { EVALUATION_CASES } from './evaluation.ts';
import { READING_CASES } from './reading.ts';

const PARTS: Readonly<Record<string, readonly Case[]>> = {
  reading: READING_CASES,
  evaluation: EVALUATION_CASES,
};
const cases = path.resolve(process.env.ICHOR_CASES ?? '../shared/cases');

let wrong = 0;
for (const [part, rows] of Object.entries(PARTS)) {
  const folder = path.join(cases, part);
  const named = new Set(rows.map(({ file }) => file));
  for (const row of rows) report(part, row.file, row.should, await resultOf(row, folder));
  for (const file of await readdir(folder)) {
    if (file === 'README.md' || named.has(file)) continue;
    report(part, file, 'a row in scripts/cases', {
      right: false,
      happened: 'no row says what should happen',
    });
  }
}
process.stdout.write(`${wrong === 0 ? 'all cases are right' : `${wrong} cases are wrong`}\n`);
process.exitCode = wrong === 0 ? 0 : 1;

async function resultOf({ run, file }: Case, folder: string): Promise<CaseResult> {
  try {
    return await run(path.join(folder, file));
  } catch (thrown) {
    return { right: false, happened: `threw: ${messageOf(thrown)}` };
  }
}

function report(part: string, file: string, should: string, { right, happened }: CaseResult): void {
  if (!right) wrong++;
  const lines = right ? [] : [`      should  ${should}`, `      did     ${happened.slice(0, 400)}`];
  process.stdout.write(`${[`${right ? 'ok   ' : 'WRONG'} ${part}/${file}`, ...lines].join('\n')}\n`);
}

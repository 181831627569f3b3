/**
 * npm run test:corpus-checks [-- --against REVISION] [--set NAME]: reads every head of ICHOR_CORPUS (../shared/data) that
 * is not a study of its own test, and phantoms with metal, much air and much padding; prints what was found in each. A
 * refusal, and with --against a warning that the revision's reader did not give, ends it with exit code 1.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { StudyFile } from '../src/base/index.ts';
import { readStudies, type StudyCheck } from '../src/study/index.ts';
import { readerAt } from './corpus/reader-at.ts';
import { STUDY_SETS } from './corpus/studies.ts';

const { values } = parseArgs({ options: { against: { type: 'string' }, set: { type: 'string' } } });
const corpus = path.resolve(process.env.ICHOR_CORPUS ?? '../shared/data');
const now = readStudies;
const before = values.against === undefined ? undefined : await readerAt(values.against);

/** The codes of what is refused or warned of. */
async function findings(read: typeof readStudies, files: readonly StudyFile[]): Promise<Set<string>> {
  const found: StudyCheck[] = [];
  for await (const { checks } of read(files)) found.push(...checks);
  return new Set(
    found.filter(({ severity }) => severity !== 'noted').map(({ severity, code }) => `${severity}: ${code}`),
  );
}

for (const [set, studies] of Object.entries(STUDY_SETS)) {
  if (values.set !== undefined && values.set !== set) continue;
  console.log(
    `\n## ${set}\n\n| study | now |${before ? ` at ${values.against} | new |` : ''}\n|---|---|${before ? '---|---|' : ''}`,
  );
  for (const { name, files } of await studies(corpus)) {
    const found = await findings(now, await files());
    const cells = [name, listed(found)];
    let isWorse = [...found].some((text) => text.startsWith('refused'));
    if (before !== undefined) {
      const earlier = await findings(before, await files());
      const fresh = new Set([...found].filter((text) => !earlier.has(text)));
      cells.push(listed(earlier), listed(fresh));
      isWorse = fresh.size > 0;
    }
    console.log(`| ${cells.join(' | ')} |`);
    if (isWorse) process.exitCode = 1;
  }
}

function listed(found: ReadonlySet<string>): string {
  return found.size === 0 ? 'nothing' : [...found].sort().join(', ');
}

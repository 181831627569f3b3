/** What `ichor cohort inspect` tells of a cohort, and what it cannot know. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { importCohort, readCohort, summariseCohort } from '../src/cohort/index.ts';
import {
  demographicsTable,
  opinionsOfReference,
  protocolTable,
  tableMarkdown,
} from '../src/evaluation/index.ts';
import { diagnosisRows, writeCtIch10 } from './support/ct-ich-files.ts';
import { createPlaces } from './support/places.ts';

const place = createPlaces('inspect');

test('a spacing that the data set does not tell is told by no table', async () => {
  const folder = await place();
  await writeCtIch10(folder, diagnosisRows(49, 10, 4));
  const store = path.join(await place(), 'store');
  await importCohort(await readCohort(folder), store, { software: 'ichor test' });
  const { scans } = await summariseCohort(store);
  const table = tableMarkdown(protocolTable(scans));
  expect(table).toContain('| Number of slices | 10 |');
  expect(table).toContain('| Spacing between slices (mm) | – |');
  expect(table).toContain('| Slice thickness (mm) | – |');
});

test('ages are rounded: those of newborns come as fractions of a year', () => {
  const scans = [0.0027397, 43.4999, 71, 8].map((age, k) => ({
    ...{ study: `s${k}`, patient: `p${k}`, source: 'own', covariates: { age: String(age) } },
    subject: { anyHemorrhage: k > 1 },
  }));
  const table = tableMarkdown(demographicsTable(opinionsOfReference(scans), () => true));
  expect(table).toMatch(/\| age \| 21\.75 ± 30\.76 \(0–43\.5\) \| 39\.50 ± 44\.55 \(8–71\) \|/);
});

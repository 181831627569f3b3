import { expect, test } from 'vitest';
import type { CohortStudy, ImportedCohort } from '../src/cohort/index.ts';
import { unlabelledNote } from '../src/evaluation/index.ts';

const ALL = {
  anyHemorrhage: true,
  intraparenchymal: true,
  intraventricular: false,
  subdural: false,
  epidural: false,
  subarachnoid: false,
};
const { epidural: _e, ...WITHOUT_EPIDURAL } = ALL;

const cohortOf = (...subjects: CohortStudy['subject'][]): ImportedCohort => ({
  name: 'own',
  attribution: '',
  checks: [],
  studies: subjects.map((subject, i) => ({
    source: 'own',
    patient: String(i),
    study: String(i),
    subject,
    covariates: {},
    images: { reader: 'study', paths: [] },
  })),
});

test('classes that nobody labelled are named with the number of their studies', () => {
  expect(unlabelledNote(cohortOf(ALL, WITHOUT_EPIDURAL, WITHOUT_EPIDURAL))).toBe(
    'not labelled, and left out of the figures: Epidural in 2 of 3 studies',
  );
  expect(unlabelledNote(cohortOf(ALL))).toBeUndefined();
});

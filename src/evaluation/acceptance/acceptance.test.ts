import { expect, test } from 'vitest';
import { collectOpinions } from '../cohort/judge-cohort.ts';
import { evaluate } from '../evaluate.ts';
import type { OpinionRow } from '../opinions/opinion-row.ts';
import { DEFAULT_OPTIONS } from '../options.ts';
import { acceptanceOf, type Criteria } from './acceptance.ts';
import { acceptancePage } from './acceptance-page.ts';

/** 20 with a subdural hemorrhage, two of them below 0.05, and 30 without, six at or above it; one could not be read. */
const rows: OpinionRow[] = Array.from({ length: 50 }, (_, k): OpinionRow[] => {
  const bleeds = k < 20;
  const isRight = bleeds ? k >= 2 : k >= 26;
  const probability = bleeds === isRight ? 0.05 + k / 1000 : 0.01 + k / 10_000;
  const common = { patient: `p${k}`, study: `s${k}`, reader: 'model' };
  return [
    { ...common, class: 'anyHemorrhage', reference: bleeds ? 1 : 0, probability },
    { ...common, class: 'subdural', reference: bleeds ? 1 : 0, probability: bleeds ? 0.9 : 0.1 },
  ];
}).flat();
const refused: OpinionRow = {
  ...{ patient: 'p50', study: 's50', reader: 'model', class: 'anyHemorrhage' },
  excluded: 'not read: half of its slices are lost',
};
const tested = {
  software: 'Ichor 0.1.0',
  model: { name: 'model', sha256: 'ab'.repeat(32) },
  operatingPoint: { probability: 0.05, name: 'triage' },
  measuredBefore: [{ on: 'others', found: { right: 21, of: 24 }, negative: { right: 25, of: 33 } }],
  cohort: '<scans>',
  at: '2026-11-29T12:00:00.000Z',
};

const opinions = collectOpinions([...rows, refused]);
const evaluation = await evaluate(opinions, { ...DEFAULT_OPTIONS, threshold: 0.05, replicates: 0 });
const accepted = (criteria: Criteria) => acceptanceOf(tested, opinions, evaluation, criteria);

test('counts, studies that were called wrongly and refusals are those of the operating point', () => {
  const found = accepted({});
  expect(found.performance.confusion).toEqual({
    ...{ truePositives: 18, falseNegatives: 2 },
    ...{ trueNegatives: 24, falsePositives: 6 },
  });
  expect([found.studies, found.patients, found.met]).toEqual([51, 51, undefined]);
  expect(found.missed.map(({ study }) => study)).toEqual(['s0', 's1']);
  expect(found.falsePositives.map(({ study }) => study)).toEqual(['s25', 's24', 's23', 's22', 's21', 's20']);
  expect(found.refused).toEqual([{ study: 's50', reason: 'not read: half of its slices are lost' }]);
  expect(found.foundBySubtype.find(({ label }) => label === 'Subdural')?.text).toBe('18 of 20');
});

test('a study of which the cohort says nothing is not refused', async () => {
  const tie = { ...refused, study: 's51', patient: 'p51', excluded: 'no class is labelled' };
  const both = collectOpinions([...rows, refused, tie]);
  const judged = await evaluate(both, { ...DEFAULT_OPTIONS, threshold: 0.05, replicates: 0 });
  const found = acceptanceOf(tested, both, judged, { mostRefused: 0.02 });
  expect([found.studies, found.refused.length, found.unlabelled, found.met]).toEqual([51, 1, 1, true]);
  expect(acceptancePage(found)).toContain('1 further studies, of which the cohort says nothing');
});

test('studies of another set count nowhere', async () => {
  const elsewhere = rows.map((row, k) => ({
    ...row,
    study: `v${k >> 1}`,
    patient: `q${k >> 1}`,
    set: 'validation',
  }));
  const refusedElsewhere = { ...refused, study: 's51', patient: 'p51', set: 'Validation' };
  const both = collectOpinions([...rows, refused, ...elsewhere, refusedElsewhere]);
  expect(both.excluded.map(({ study, set }) => `${study} ${set}`)).toEqual(['s50 test', 's51 validation']);
  const judged = await evaluate(both, { ...DEFAULT_OPTIONS, threshold: 0.05, replicates: 0 });
  expect(acceptanceOf(tested, both, judged, {})).toEqual({ ...accepted({}), warnings: judged.warnings });
});

test('a criterion is met where the whole interval meets it', () => {
  // Wilson: 18 of 20 is 0.699 to 0.972, 24 of 30 is 0.627 to 0.905
  const found = accepted({ leastSensitivity: 0.69, leastSpecificity: 0.65, mostRefused: 0.05 });
  expect(found.criteria).toEqual([
    { text: 'sensitivity at least 0.69: the interval begins at 0.699', met: true },
    { text: 'specificity at least 0.65: the interval begins at 0.627', met: false },
    { text: 'refused at most 0.05 of all studies: 0.020', met: true },
  ]);
  expect(found.met).toBe(false);
});

test('the page has what a committee files, and escapes what the cohort is called', () => {
  const page = acceptancePage(accepted({ leastSensitivity: 0.69 }));
  for (const text of [
    'All criteria that were stated beforehand are met.',
    'ab'.repeat(32),
    'triage, positive from a probability of 0.05 on',
    '21 of 24 subjects with and 25 of 33 without hemorrhage right (others)',
    '&lt;scans&gt;: 51 studies of 51 patients',
    '0.90 (0.70 to 0.97)',
    'half of its slices are lost',
    'When to stop and test again',
    'Research use only',
  ])
    expect(page).toContain(text);
});

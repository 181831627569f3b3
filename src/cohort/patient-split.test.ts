import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, HEMORRHAGE_SUBTYPE_NAMES } from '../base/index.ts';
import { majorityOf, majorityOfReaders, subjectOfKnown } from './known-labels.ts';
import {
  divide,
  foldPatients,
  PAPER_SHARES,
  type PatientSplit,
  partsByPatient,
  SPLIT_PARTS,
  splitPatients,
} from './patient-split.ts';
import { type SplitMember, traitsOf } from './split-member.ts';

/** Patients with one to three scans; subtypes as rare as the paper's (supplementary Table 2). */
function membersOf(seed: number, patients: number): SplitMember[] {
  const random = createRandom(seed);
  const rates = [0.44, 0.21, 0.1, 0.04, 0.25];
  return Array.from({ length: patients }, (_, i) => {
    const flags = HEMORRHAGE_SUBTYPE_NAMES.map(
      (name, k) => [name, random.chance(rates[k] as number)] as const,
    );
    const subject = { ...Object.fromEntries(flags), anyHemorrhage: flags.some(([, value]) => value) };
    return Array.from({ length: random.integer(1, 3) }, () => ({ patient: `p/${i}`, subject }));
  }).flat();
}

test('every patient has one part, whatever the cohort; the same seed gives the same split', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 3, max: 120 }), (seed, patients) => {
      const members = membersOf(seed, patients);
      const split = splitPatients('any', members, { shares: PAPER_SHARES, seed });
      const all = SPLIT_PARTS.flatMap((part) => split[part]);
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBe(patients);
      expect(splitPatients('any', members.toReversed(), { shares: PAPER_SHARES, seed })).toEqual(split);
      const parts = divide(members, [split]);
      expect(SPLIT_PARTS.reduce((sum, part) => sum + parts[part].length, 0)).toBe(members.length);
    }),
    { numRuns: 60 },
  );
});

test('80/10/10: each subtype is shared out to within two patients of its share', () => {
  const members = membersOf(7, 600);
  const split = splitPatients('large', members, { shares: PAPER_SHARES, seed: 1 });
  const traits = new Map(
    [...Map.groupBy(members, (m) => m.patient)].map(([key, own]) => [key, traitsOf(own)]),
  );
  for (const trait of [...HEMORRHAGE_SUBTYPE_NAMES, 'positive', 'negative']) {
    const having = (keys: readonly string[]) => keys.filter((key) => traits.get(key)?.includes(trait)).length;
    const total = having([...traits.keys()]);
    for (const part of SPLIT_PARTS) {
      expect(Math.abs(having(split[part]) - PAPER_SHARES[part] * total), `${trait} in ${part}`).toBeLessThan(
        2.5,
      );
    }
  }
});

/** Between the greatest and the least fold, patients of a subtype and of all. */
const MOST_APART = 2;

test('folds hold every patient once, each subtype shared out evenly', () => {
  const members = membersOf(11, 200);
  const { folds } = foldPatients('folded', members, { count: 5, seed: 3 });
  expect(folds.flat().sort()).toEqual([...new Set(members.map(({ patient }) => patient))].sort());
  const sizes = folds.map((fold) => fold.length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(MOST_APART);
  for (const name of HEMORRHAGE_SUBTYPE_NAMES) {
    const having = new Set(members.flatMap(({ patient, subject }) => (subject[name] ? [patient] : [])));
    const counts = folds.map((fold) => fold.filter((key) => having.has(key)).length);
    expect(Math.max(...counts) - Math.min(...counts), name).toBeLessThanOrEqual(MOST_APART);
  }
});

const splitOf = (parts: Partial<PatientSplit>): PatientSplit => ({
  schema: 'ichor-split-1',
  cohort: 'made',
  seed: 1,
  training: [],
  validation: [],
  test: [],
  ...parts,
});

test('BHSD follows RSNA: patients of an earlier split stay where they are', () => {
  const rsna = membersOf(3, 60).map((member) => ({
    ...member,
    patient: member.patient.replace('p/', 'rsna-2019/'),
  }));
  const earlier = splitPatients('rsna-2019', rsna, { shares: PAPER_SHARES, seed: 5 });
  const bhsd = [...rsna.slice(0, 30), { patient: 'rsna-2019/another', subject: { anyHemorrhage: true } }];
  const later = splitPatients('bhsd', bhsd, { shares: PAPER_SHARES, seed: 99, kept: [earlier] });
  expect(() => partsByPatient([earlier, later])).not.toThrow();
  const alone = splitPatients('bhsd', bhsd, { shares: PAPER_SHARES, seed: 99 });
  expect(() => partsByPatient([earlier, alone])).toThrow(
    /patient rsna-2019\/\d+ is in .* all scans of a patient belong/,
  );
});

test('a patient on both sides, a patient of no part, too few patients: refused by name', () => {
  const member = { patient: 'a/1', subject: { anyHemorrhage: false } };
  const twice = splitOf({ training: ['a/1'], test: ['a/1'] });
  expect(() => divide([member], [twice])).toThrow('patient a/1 is in training and in test');
  expect(() => divide([member], [splitOf({ training: ['a/2'] })])).toThrow('patient a/1 is in no part');
  expect(() => splitPatients('small', [member], { shares: PAPER_SHARES, seed: 1 })).toThrow(
    '3 parts need at least',
  );
});

test('majorities: two of three; a tie and silence leave a class unknown', () => {
  const vote = majorityOf([
    { epidural: true, subdural: true },
    { epidural: true, subdural: false },
    { epidural: false },
  ]);
  expect(vote).toEqual({ labels: { epidural: true }, ties: ['subdural'] });
  const reader = (flag: boolean) => ({ subject: { subdural: flag }, slices: [{ subdural: flag }, {}] });
  const { subject, slices, ties } = majorityOfReaders([reader(true), reader(false)]);
  expect([subject, slices, ties]).toEqual([{}, [{}, {}], ['subdural of the subject', 'subdural of slice 1']]);
});

test('a subject has what a slice has; a class that some slices do not know is unknown unless one has it', () => {
  expect(subjectOfKnown([{ epidural: false }, { epidural: false, subdural: true }])).toEqual({
    epidural: false,
    subdural: true,
  });
  expect(subjectOfKnown([{ epidural: false }, {}])).toEqual({});
});

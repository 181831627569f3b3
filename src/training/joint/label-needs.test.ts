import { expect, test } from 'vitest';
import { RefusedInput } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import { byLabels, hasSliceLabels, labelledFor, labelledSubjects } from './label-needs.ts';
import { oneKindNotes, refuseOneClass } from './one-class.ts';
import type { TrainingSettings } from './settings.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

const settings = (change: Partial<TrainingSettings> = {}): TrainingSettings => ({
  ...TINY_SETTINGS,
  ...change,
});
const [bleeding, healthy] = tinyCohort(2).studies as [LabelledStudy, LabelledStudy];

const subjectOnly = ({ slices: _, ...study }: LabelledStudy): LabelledStudy => study;
/** As INSTANCE labels: where blood is, not of which kind. */
const withoutSubtypes = (study: LabelledStudy): LabelledStudy => ({
  ...study,
  subject: { anyHemorrhage: study.subject.anyHemorrhage ?? false },
  slices: (study.slices ?? []).map(({ anyHemorrhage = false }) => ({ anyHemorrhage })),
});
/** As a tie of CQ500's readers leaves it. */
const undecided = (study: LabelledStudy): LabelledStudy => {
  const { epidural: _, ...subject } = study.subject;
  return { ...study, subject };
};

test('a fully labelled cohort trains whole, whatever the network', () => {
  for (const network of ['cnn-rnn', '2d-vgg16', '3d-vgg16'] as const)
    expect(byLabels([bleeding, healthy], settings({ network }))).toEqual({
      usable: [bleeding, healthy],
      leftOut: [],
    });
});

test("subjects' labels alone train Sub-Lab and 3D VGG16; what needs slices refuses them and says so", () => {
  const studies = [bleeding, healthy].map(subjectOnly);
  for (const change of [{ supervision: 'sub-lab' as const }, { network: '3d-vgg16' as const }])
    expect(byLabels(studies, settings(change)).usable).toEqual(studies);
  for (const change of [{}, { network: '2d-googlenet' as const }])
    expect(() => byLabels(studies, settings(change))).toThrow(
      /none of the 2 studies has the labels .* of tiny\/subject-0-of-3-slices the slices are not labelled; subjects' labels alone train --supervision sub-lab/,
    );
  expect(studies.map((study) => hasSliceLabels(study, 'twoType'))).toEqual([false, false]);
});

test('without subtypes the two-type network trains, the five-type one has nobody', () => {
  const studies = [bleeding, healthy].map(withoutSubtypes);
  const { usable, leftOut } = byLabels(studies, settings());
  expect({ usable, leftOut }).toEqual({ usable: studies, leftOut: [] });
  expect(labelledFor(usable, settings(), 'twoType')).toEqual(studies);
  expect(labelledFor(usable, settings(), 'fiveType')).toEqual([]);
});

test('a study that lacks a label is left out by name, the others train', () => {
  const five = settings({ tasks: ['fiveType'] });
  const { usable, leftOut } = byLabels([undecided(bleeding), { ...bleeding, study: 'other' }, healthy], five);
  expect(usable.map(({ study }) => study)).toEqual(['other', healthy.study]);
  expect(leftOut).toEqual([
    { study: 'tiny/subject-0-of-3-slices', why: 'Epidural of the subject is not labelled' },
  ]);
  expect(labelledSubjects([undecided(bleeding), bleeding, healthy], 'fiveType')).toEqual([bleeding]);
  expect(labelledSubjects([undecided(bleeding), healthy], 'twoType')).toHaveLength(2);
});

test('an unlabelled slice is named', () => {
  const slices = (bleeding.slices ?? []).map((labels, i) => (i === 1 ? {} : labels));
  const { leftOut } = byLabels([{ ...bleeding, slices }, healthy], settings({ tasks: ['twoType'] }));
  expect(leftOut[0]?.why).toMatch(/ of slice 2 is not labelled$/);
});

test('a part of one kind is refused, by task and level', () => {
  const refused = (studies: readonly LabelledStudy[], change: Partial<TrainingSettings> = {}) => {
    try {
      refuseOneClass('the part that trains', studies, settings(change));
      return undefined;
    } catch (thrown) {
      return thrown instanceof RefusedInput ? `${thrown.code}: ${thrown.message}` : `${thrown}`;
    }
  };
  const twoType = { tasks: ['twoType' as const] };
  expect(refused([bleeding, healthy], twoType)).toBeUndefined();
  expect(refused([bleeding, bleeding], twoType)).toMatch(
    /^one-class: the part that trains: all subjects of its 2 labelled studies are with a hemorrhage, or all without; /,
  );
  expect(refused([healthy], { ...twoType, network: '2d-vgg16' })).toMatch(
    /^one-class: .*all slices of its 1/,
  );
  // slices of one bleeding subject are of both kinds
  expect(refused([bleeding], { ...twoType, network: '2d-vgg16' })).toBeUndefined();
  expect(refused([bleeding, bleeding], { tasks: ['fiveType'] })).toBeUndefined();
});

test('subtypes and parts of one kind are named', () => {
  const both = settings({ tasks: ['twoType', 'fiveType'] });
  const other = { ...bleeding, subject: { ...bleeding.subject, epidural: !bleeding.subject.epidural } };
  const named = oneKindNotes('the part that validates', [bleeding, other], both);
  expect(named[0]).toBe('the part that validates: all of its 2 subjects labelled for anyHemorrhage have it');
  expect(named).toHaveLength(5);
  expect(named.join()).not.toContain('epidural');
  expect(oneKindNotes('the part that trains', [bleeding, healthy], { ...both, tasks: ['twoType'] })).toEqual(
    [],
  );
});

import { expect, test } from 'vitest';
import { reportInput } from '../../test/support/report-input.ts';
import {
  type Draft,
  movedDraft,
  opinionOf,
  startingDraft,
  withAllSlices,
  withSlice,
  withSubtype,
} from './verdict.ts';

const withUids = (positive: boolean) => {
  const { prediction } = reportInput(positive);
  const slices = prediction.slices.map((slice, i) => ({ ...slice, sopInstanceUid: `1.2.${i}` }));
  return { ...prediction, slices };
};
const positive = withUids(true);
const negative = withUids(false);

test('a draft starts with what the model says, and says nothing of it until it is corrected', () => {
  const draft = startingDraft(positive, undefined);
  expect([...draft.subtypes]).toEqual(['intraparenchymal', 'intraventricular']);
  expect(opinionOf('agree', draft, positive)).toEqual({ opinion: 'agree' });
});

test('corrected subtypes are sent whole, marked slices in their order by UID', () => {
  const draft = [withSlice, withSlice].reduce<Draft>(
    (now, mark, i) => mark(now, 9 - 2 * i),
    withSubtype(startingDraft(positive, undefined), 'subdural'),
  );
  expect(opinionOf('agree', { ...draft, comment: ' thin ' }, positive)).toEqual({
    opinion: 'agree',
    subtypes: {
      ...{ intraparenchymal: true, intraventricular: true, subdural: true },
      ...{ epidural: false, subarachnoid: false },
    },
    slices: ['1.2.7', '1.2.9'],
    comment: 'thin',
  });
});

test.each([
  ['disagrees with a positive result', 'disagree', positive, false],
  ['agrees with a negative one', 'agree', negative, false],
  ['disagrees with a negative one', 'disagree', negative, true],
] as const)('who %s', (_, opinion, prediction, saysMore) => {
  const draft = withSlice(withSubtype(startingDraft(prediction, undefined), 'epidural'), 3);
  expect('slices' in opinionOf(opinion, draft, prediction)).toBe(saysMore);
  expect('subtypes' in opinionOf(opinion, draft, prediction)).toBe(saysMore);
});

test('what was said before is taken up; a second toggle takes a mark away', () => {
  const said = { opinion: 'agree', subtypes: { epidural: true }, slices: ['1.2.4'], comment: 'x' } as const;
  const draft = startingDraft(positive, { ...said, slices: [...said.slices] });
  expect([[...draft.subtypes], [...draft.slices], draft.comment]).toEqual([['epidural'], [4], 'x']);
  expect(withSlice(draft, 4).slices.size).toBe(0);
});

test('who says that there is no hemorrhage keeps no subtype ticked and no slice marked', () => {
  const draft = withAllSlices(withSlice(startingDraft(positive, undefined), 4));
  const denied = startingDraft(positive, opinionOf('disagree', { ...draft, comment: 'motion' }, positive));
  expect([[...denied.subtypes], [...denied.slices], denied.areAllSlices, denied.comment]).toEqual([
    ...[[], [], false, 'motion'],
  ]);
  expect([...startingDraft(positive, opinionOf('agree', denied, positive)).subtypes]).toHaveLength(2);
});

test('that the marked slices are all is said where some are marked, and is taken up again', () => {
  const marked = withAllSlices(withSlice(startingDraft(positive, undefined), 4));
  const opinion = opinionOf('agree', marked, positive);
  expect(opinion).toEqual({ opinion: 'agree', slices: ['1.2.4'], slicesComplete: true });
  expect(startingDraft(positive, opinion).areAllSlices).toBe(true);
});

test('it is not said where nothing is marked, nor of slices that are marked after all were unmarked', () => {
  const none = withAllSlices(startingDraft(positive, undefined));
  const unmarked = withSlice(withAllSlices(withSlice(none, 4)), 4);
  for (const draft of [none, unmarked])
    expect(opinionOf('agree', withSlice(draft, 3), positive)).toEqual({
      opinion: 'agree',
      slices: ['1.2.3'],
    });
});

test('a draft goes along to a newer result by its slices; that these are all is to be said anew where others came', () => {
  const draft = { ...withSlice(startingDraft(positive, undefined), 7), areAllSlices: true, comment: 'thin' };
  expect(movedDraft(draft, positive, positive)).toEqual(draft);
  const longer = {
    ...positive,
    slices: [{ ...positive.slices[0], sopInstanceUid: '1.9' }, ...positive.slices],
  };
  const moved = movedDraft(draft, positive, longer as typeof positive);
  expect(moved).toEqual({ ...draft, slices: new Set([8]), areAllSlices: false });
  expect([...movedDraft(draft, positive, negative).subtypes]).toEqual([]);
  const corrected = withSubtype(draft, 'subdural');
  expect(movedDraft(corrected, positive, negative).subtypes).toEqual(corrected.subtypes);
});

test('slices that are frames of one object are told apart by their numbers', () => {
  const frames = positive.slices.map((slice) => ({ ...slice, sopInstanceUid: '1.2.5' }));
  const enhanced = { ...positive, slices: frames };
  const draft = { ...withSlice(withSlice(startingDraft(enhanced, undefined), 4), 2), areAllSlices: true };
  const said = opinionOf('agree', draft, enhanced);
  expect(said).toEqual({ opinion: 'agree', slices: ['1.2.5'], sliceNumbers: [3, 5], slicesComplete: true });
  expect([...startingDraft(enhanced, said).slices]).toEqual([2, 4]);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Prediction } from '../../src/prediction/index.ts';
import { forgetDraft, forgetDrafts, keepDraft, keptDraft } from './kept-draft.ts';
import type { Draft } from './verdict.ts';

const held = new Map<string, string>();
beforeEach(() => {
  held.clear();
  vi.stubGlobal('sessionStorage', {
    get length() {
      return held.size;
    },
    key: (i: number) => [...held.keys()][i] ?? null,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => held.set(key, value),
    removeItem: (key: string) => held.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Of so many slices, the first of them the series' slice of that number. */
const predictionOf = (first: number, count: number): Prediction => {
  const slices = Array.from({ length: count }, (_, i) => ({ sopInstanceUid: `9.${first + i}` }));
  return { slices, subtypes: null } as unknown as Prediction;
};
const STUDY = {
  ...{ reader: 'anna', studyInstanceUid: '1.2.3', result: 'results/1' },
  prediction: predictionOf(0, 12),
};
const DRAFT: Draft = {
  ...{ subtypes: new Set(['subdural'] as const), areCorrected: true, slices: new Set([4, 9]) },
  ...{ areAllSlices: true, comment: 'thin rim' },
};

test('each study has its own draft, until it is sent', () => {
  keepDraft(STUDY, DRAFT);
  expect(keptDraft(STUDY)).toEqual(DRAFT);
  expect(keptDraft({ ...STUDY, studyInstanceUid: '1.2.4' })).toBeUndefined();
  forgetDraft(STUDY);
  expect(keptDraft(STUDY)).toBeUndefined();
});

test('a draft is for who wrote it alone', () => {
  keepDraft(STUDY, DRAFT);
  const ofBert = { ...STUDY, reader: 'bert' };
  expect(keptDraft(ofBert)).toBeUndefined();
  forgetDraft(ofBert);
  expect(keptDraft(STUDY)).toEqual(DRAFT);
  const ofNobody = { ...STUDY, reader: undefined };
  keepDraft(ofNobody, DRAFT);
  expect([held.size, keptDraft(ofNobody)]).toEqual([1, undefined]);
});

test.each<[string, Prediction, readonly number[], boolean]>([
  ['the same slices', predictionOf(0, 12), [4, 9], true],
  ['two slices more below', predictionOf(-2, 14), [6, 11], false],
  ['without the last slices', predictionOf(0, 8), [4], false],
])(
  'a newer result takes a draft on an older one, its slices where they are now: %s',
  (_, prediction, slices, areAllSlices) => {
    keepDraft(STUDY, DRAFT);
    const moved = { ...DRAFT, slices: new Set(slices), areAllSlices };
    expect(keptDraft({ ...STUDY, result: 'results/2', prediction })).toEqual(moved);
  },
);

test('who logs out leaves no draft, and nothing else is removed', () => {
  held.set('other', 'x');
  keepDraft(STUDY, DRAFT);
  keepDraft({ ...STUDY, studyInstanceUid: '1.2.4' }, DRAFT);
  forgetDrafts();
  expect([...held.keys()]).toEqual(['other']);
});

test('a store that is full, closed or damaged breaks nothing', () => {
  held.set('ichor-draft-1.2.3 anna', '{"comment":');
  expect(keptDraft(STUDY)).toBeUndefined();
  const closed = () => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  vi.stubGlobal('sessionStorage', {
    getItem: closed,
    setItem: closed,
    removeItem: closed,
    key: closed,
    length: 1,
  });
  keepDraft(STUDY, DRAFT);
  forgetDraft(STUDY);
  forgetDrafts();
  expect(keptDraft(STUDY)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { localKeys, studyBeside } from './local-keys.ts';
import { type ListedStudy, STARTING_STATE } from './local-state.ts';
import type { LocalActions } from './use-engine.ts';

const listed = (study: number, kind: 'predicted' | 'predicting'): ListedStudy =>
  ({ study, name: '', outcome: { kind } }) as ListedStudy;
const STUDIES = [
  listed(0, 'predicted'),
  listed(1, 'predicting'),
  listed(2, 'predicted'),
  listed(3, 'predicted'),
];

test('keys go from one predicted study of the list to the next, and stop at its ends', () => {
  expect(studyBeside(STUDIES, 0, 1)).toBe(2);
  expect(studyBeside(STUDIES, 3, -1)).toBe(2);
  expect(studyBeside(STUDIES, 3, 1)).toBe(undefined);
  expect(studyBeside(STUDIES, 0, -1)).toBe(undefined);
  expect(studyBeside(STUDIES, undefined, 1)).toBe(0);
});

test('only what stands on the page is listed: nothing can be stopped or copied on the empty one', () => {
  const keys = (state: Parameters<typeof localKeys>[0]) =>
    localKeys(state, {} as LocalActions).flatMap((row) => row.keys);
  expect(keys(STARTING_STATE)).toEqual(['u', 'U']);
  expect(keys({ studies: STUDIES, isWorking: true })).toEqual(['u', 'U', 'X', 'D', 'C', 'N', 'B']);
});

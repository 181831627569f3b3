import { expect, test } from 'vitest';
import { studyHash, studyOf } from './study-address.ts';

test('an address names a study, and a slice of it as readers count', () => {
  expect(studyHash('1.2.3', 11)).toBe('#study/1.2.3/12');
  expect(studyOf('#study/1.2.3/12')).toEqual({ study: '1.2.3', slice: 11 });
  expect(studyOf(studyHash('1.2.3'))).toEqual({ study: '1.2.3' });
  for (const hash of ['', '#list', '#study/', '#study/1.2.3/x', '#study/1.2.3/4/5'])
    expect(studyOf(hash)).toEqual({});
});

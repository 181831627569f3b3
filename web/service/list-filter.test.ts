import { expect, test } from 'vitest';
import { filtered, NO_FILTER } from './list-filter.ts';
import { itemOf } from './worklist-fixture.ts';

const now = Date.parse('2026-01-01T12:05:00.000Z');
const ITEMS = [
  itemOf('1.3', { rank: 7 }),
  itemOf('1.1', {
    anyHemorrhage: { probability: 0.93, positive: true },
    rankReason: 'suspected hemorrhage',
    subtypes: ['subdural'],
    verdict: { opinion: 'disagree', by: 'anna' },
    read: false,
    urgent: true,
    outside: ['the kernel "H60f" did not occur'],
  }),
  itemOf('1.2', { state: 'refused', reason: 'Chest, no head' }),
];
const found = (text: string): string[] =>
  filtered(ITEMS, { ...NO_FILTER, text }, now).map(({ studyInstanceUid }) => studyInstanceUid);

test('a filter leaves out and keeps the order', () => {
  expect(found('')).toEqual(['1.3', '1.1', '1.2']);
  const groups = ['below', 'suspected'] as const;
  const left = filtered(ITEMS, { text: '', groups }, now);
  expect(left.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(['1.3', '1.1']);
});

test.each([
  ['suspected hem', '1.1'],
  ['SUSPECTED', '1.1'],
  ['  hemorrhage   kernel ', '1.1'],
  ['0.93', '1.1'],
  ['sdh', '1.1'],
  ['Subdural urgent', '1.1'],
  ['disagreed', '1.1'],
  ['unread outside', '1.1'],
  ['2 h 5 min', '1.1'],
  ['arrival', '1.3'],
  ['refused chest', '1.2'],
  ['1.2', '1.2'],
])('"%s" finds what the row of %s says', (text, study) => {
  expect(found(text)).toEqual([study]);
});

test('all words of a search must be in one row', () => {
  expect(found('chest suspected')).toEqual([]);
});

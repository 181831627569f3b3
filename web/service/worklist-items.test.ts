import { expect, test } from 'vitest';
import { itemOf } from './worklist-fixture.ts';
import {
  groupOf,
  newlySuspected,
  pinnedOrder,
  unreadSuspected,
  type WorklistItem,
  waitingText,
} from './worklist-items.ts';

const item = (uid: string, more: Partial<WorklistItem> = {}): WorklistItem =>
  itemOf(uid, { read: false, ...more });
const positive = { anyHemorrhage: { probability: 0.9, positive: true } };

test.each([
  ['suspected', positive],
  ['below', {}],
  ['disagree', { disagreement: true }],
  ['waiting', { state: 'predicting' }],
  ['not analysed', { state: 'refused', reason: 'not-a-head' }],
  ['not analysed', { state: 'failed' }],
] as const)('a study is %s', (group, more) => {
  expect(groupOf(item('1.2', more))).toBe(group);
});

test('the row under the pointer stays in its place, and the others move around it', () => {
  const uids = (items: readonly WorklistItem[]) => items.map(({ studyInstanceUid }) => studyInstanceUid);
  const latest = [item('1.9', positive), item('1.2', positive), item('1.1'), item('1.3')];
  const shown = pinnedOrder(latest, { study: '1.1', index: 0 });
  // What came at the top stands right below it, in view
  expect(uids(shown)).toEqual(['1.1', '1.9', '1.2', '1.3']);
  expect(uids(pinnedOrder(latest, { study: '1.2', index: 3 }))).toEqual(['1.9', '1.1', '1.3', '1.2']);
  // The list has become shorter, or has lost the row
  expect(uids(pinnedOrder(latest, { study: '1.9', index: 8 }))).toEqual(['1.2', '1.1', '1.3', '1.9']);
  expect(pinnedOrder(latest, { study: '1.7', index: 1 })).toEqual(latest);
});

test('what is counted in the title: suspected or disagreeing, and not read', () => {
  const items = [
    item('1.1', positive),
    item('1.2', { disagreement: true }),
    item('1.3'),
    item('1.4', { ...positive, read: true }),
  ];
  expect(unreadSuspected(items).map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(['1.1', '1.2']);
});

test('what is announced: what became suspected, and what came as that; nothing twice', () => {
  const before = [item('1.1', positive), item('1.2', { state: 'predicting' }), item('1.3')];
  const after = [item('1.1', positive), item('1.2', positive), item('1.3'), item('1.4', positive)];
  expect(newlySuspected(before, after).map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([
    '1.2',
    '1.4',
  ]);
  expect(newlySuspected(after, after)).toEqual([]);
});

test('a result that is unread again is no news; a newer one of the study is', () => {
  const read = item('1.1', { ...positive, result: 'a', read: true });
  expect(newlySuspected([read], [{ ...read, read: false }])).toEqual([]);
  const newer = { ...read, read: false, result: 'b' };
  expect(newlySuspected([read], [newer])).toEqual([newer]);
});

test('a study waits until a person has read it, with a result or without', () => {
  const now = Date.parse('2026-01-01T12:05:00.000Z');
  expect(waitingText(item('1.1'), now)).toBe('2 h 5 min');
  const queued = item('1.1', { state: 'queued' });
  expect(waitingText(queued, Date.parse(queued.receivedAt))).toBe('< 1 min');
  expect(waitingText(item('1.1', { read: true }), now)).toBe('');
});

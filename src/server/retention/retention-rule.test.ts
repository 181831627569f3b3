import { expect, test } from 'vitest';
import type { Delivery, HeldObject, HeldResult, HeldStudy } from '../../archive/index.ts';
import { type Retention, toRemove } from './retention-rule.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-29T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW - days * DAY).toISOString();
const object: HeldObject = {
  ...{ at: daysAgo(0), study: '1', series: '1', instance: '1', sopClass: '1', transferSyntax: '1' },
  ...{ sha256: '', bytes: 2e9, from: 'test' },
};
const held = (study: string, days: number, rest: Partial<HeldStudy> = {}): HeldStudy => ({
  ...{ study, state: 'refused', objects: new Map([['1', object]]), receivedAt: daysAgo(days) },
  ...{
    lastArrivalAt: daysAgo(days),
    movedAt: daysAgo(days),
    urgent: false,
    isRead: false,
    tries: 1,
    losses: 0,
    line: 1,
  },
  ...{ results: [], verdicts: [], ...rest },
});
const done = (pacs?: Delivery): Partial<HeldStudy> => {
  const result: HeldResult = {
    ...{ at: daysAgo(0), folder: 'results/1', sha256: '', model: '', probability: 0.5, positive: true },
    ...{ disagreement: false, deliveries: pacs === undefined ? {} : { pacs } },
  };
  return { state: 'done', results: [result] };
};
const delivered: Delivery = { at: daysAgo(0), tries: 1 };
const refused: Delivery = { ...delivered, failure: { code: 'destination-refused', text: '' } };
const OLD: Retention = { days: 30, freeGigabytes: 0 };

test.each<[string, HeldStudy, Retention, boolean]>([
  ['an old study', held('1', 31), OLD, true],
  ['a young one', held('1', 29), OLD, false],
  ['without a setting', held('1', 9999), { days: 0, freeGigabytes: 0 }, false],
  ['one whose result is delivered', held('1', 31, done(delivered)), OLD, true],
  ['one whose result was never sent', held('1', 31, done()), OLD, false],
  ['one whose result was refused', held('1', 31, done(refused)), OLD, false],
  ['one whose result goes to nobody, by a rule', held('1', 31, { ...done(), destinations: [] }), OLD, true],
  ['one that is being predicted', held('1', 31, { state: 'predicting' }), OLD, false],
  ['one that still waits', held('1', 31, { state: 'queued' }), OLD, false],
  ['one without objects', held('1', 31, { objects: new Map() }), OLD, false],
])('%s: %#', (_, study, retention, isRemoved) => {
  const removed = toRemove([study], retention, [{ name: 'pacs', when: 'result' }], {
    ms: NOW,
    freeBytes: 1e12,
  });
  expect(removed.length === 1).toBe(isRemoved);
});

test('on a full disk read studies go first, then the oldest, until there is room', () => {
  const studies = [
    held('young', 1),
    held('old', 9),
    held('read', 2, { isRead: true }),
    held('waits', 20, { state: 'queued' }),
  ];
  const removed = (freeGigabytes: number) =>
    toRemove(studies, { days: 0, freeGigabytes }, [], { ms: NOW, freeBytes: 1e9 }).map(({ study }) => study);
  expect(removed(1)).toEqual([]);
  expect(removed(2)).toEqual(['read']);
  expect(removed(4)).toEqual(['read', 'old']);
  expect(removed(100)).toEqual(['read', 'old', 'young']);
});

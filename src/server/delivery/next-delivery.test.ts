import { expect, test } from 'vitest';
import type { Delivery, HeldResult, HeldStudy } from '../../archive/index.ts';
import { deliveryState, isDelivered, nextDelivery, retryAfterMs } from './next-delivery.ts';

const at = (second: number) => new Date(1_700_000_000_000 + 1000 * second).toISOString();
const now = (second: number) => Date.parse(at(second));
const result = (second: number, pacs?: Delivery): HeldResult => ({
  ...{ at: at(second), folder: `results/${second}`, sha256: '', model: '', probability: 0, positive: false },
  ...{ disagreement: false, deliveries: pacs === undefined ? {} : { pacs } },
});
const held = (study: string, results: HeldResult[], rest: Partial<HeldStudy> = {}): HeldStudy => ({
  ...{ study, state: 'done', objects: new Map(), receivedAt: at(0), lastArrivalAt: at(0), movedAt: at(0) },
  ...{ urgent: false, isRead: false, tries: 1, losses: 0, line: 1, results, verdicts: [], ...rest },
});
const failure = { code: 'destination-refused', text: '' };

test.each([
  ['the oldest result', [held('b', [result(2)]), held('a', [result(1)])], 'a'],
  ['the current one of several', [held('a', [result(1), result(2, { at: at(3), tries: 1 })])], undefined],
  ['no result that is being replaced', [held('a', [result(1)], { state: 'receiving' })], undefined],
  ['no result that a rule keeps from it', [held('a', [result(1)], { destinations: ['other'] })], undefined],
  ['one that failed a minute ago', [held('a', [result(1, { at: at(40), tries: 3, failure })])], 'a'],
  ['none that failed just now', [held('a', [result(1, { at: at(95), tries: 1, failure })])], undefined],
])('%s', (_, studies, next) => {
  expect(nextDelivery(studies, { name: 'pacs', when: 'result' }, now(100))?.study).toBe(next);
});

test('a destination gets what ended since its first start, and what it was tried with before', () => {
  const since = { name: 'pacs', when: 'result', since: at(50) } as const;
  expect(nextDelivery([held('a', [result(49)])], since, now(100))).toBeUndefined();
  expect(isDelivered(held('a', [result(49)]), [since])).toBe(true);
  expect(nextDelivery([held('a', [result(50)])], since, now(100))?.study).toBe('a');
  const waits = held('a', [result(1, { at: at(2), tries: 1, failure })]);
  expect(nextDelivery([waits], since, now(100))?.study).toBe('a');
});

test('each failed try doubles the wait, up to ten minutes', () => {
  expect([0, 1, 2, 3, 7, 50].map(retryAfterMs)).toEqual([0, 10_000, 20_000, 40_000, 600_000, 600_000]);
});

test('who refuses ten times is given up, who cannot be reached never is', () => {
  const away = { code: 'destination-unreachable', text: '' };
  const state = (tries: number, why = failure) => deliveryState({ at: at(0), tries, failure: why });
  expect([state(9), state(10), state(0), state(5000, away)]).toEqual([
    'waiting',
    'given-up',
    'waiting',
    'waiting',
  ]);
  const givenUp = held('a', [result(1, { at: at(1), tries: 10, failure })]);
  expect(nextDelivery([givenUp], { name: 'pacs', when: 'result' }, now(9_999_999))).toBeUndefined();
  expect(isDelivered(givenUp, [{ name: 'pacs', when: 'result' }])).toBe(false);
  expect(isDelivered(givenUp, [{ name: 'pacs', when: 'positive' }])).toBe(true);
});

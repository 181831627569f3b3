import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createStandingOrder } from './standing-order.ts';
import { type TriageFacts, triageOrder, WAITING_CAP_MS } from './triage-order.ts';

const NOW = 100_000_000;
const HOUR = 3_600_000;
const facts = (study: string, hoursAgo: number, rest: Partial<TriageFacts> = {}): TriageFacts => ({
  study,
  receivedAtMs: NOW - hoursAgo * HOUR,
  urgent: false,
  isRead: false,
  ...rest,
});
const FINDING = { probability: 0.9, positive: true, disagreement: false };

test('what is asked for again is not ranked again, until a fact changes or a wait passes the cap', () => {
  const rank = vi.fn(triageOrder);
  const order = createStandingOrder(rank);
  const names = (nowMs: number) => order.at(nowMs).map(({ study }) => study);
  for (const one of [facts('a', 2), facts('b', 1), facts('old', 9, { isRead: true })]) order.put(one);
  expect(names(NOW)).toEqual(['a', 'b', 'old']);
  order.put({ ...facts('b', 1) });
  expect(names(NOW + 1)).toEqual(['a', 'b', 'old']);
  expect(rank).toHaveBeenCalledTimes(1);
  order.put(facts('b', 1, { finding: FINDING }));
  expect(names(NOW + 2)).toEqual(['b', 'a', 'old']);
  expect(rank).toHaveBeenCalledTimes(2);
  const cap = NOW - 2 * HOUR + WAITING_CAP_MS;
  expect(names(cap)).toEqual(['b', 'a', 'old']);
  expect(rank).toHaveBeenCalledTimes(2);
  expect(names(cap + 1)).toEqual(['a', 'b', 'old']);
  expect(rank).toHaveBeenCalledTimes(3);
  expect(names(NOW)).toEqual(['b', 'a', 'old']);
});

const step = fc.record({
  study: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  hoursAgo: fc.double({ min: 0, max: 4, noNaN: true }),
  urgent: fc.boolean(),
  isRead: fc.boolean(),
  finding: fc.option(fc.constantFrom(FINDING, { ...FINDING, probability: 0.7 }), { nil: undefined }),
  /** Since the step before. */
  laterMs: fc.integer({ min: -HOUR, max: 2 * HOUR }),
});

test('whatever happens, it is the order of the facts as they are at that time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const order = createStandingOrder();
      const known = new Map<string, TriageFacts>();
      let nowMs = NOW;
      for (const { study, hoursAgo, finding, laterMs, ...rest } of steps) {
        const one = facts(study, hoursAgo, { ...rest, ...(finding && { finding }) });
        known.set(study, one);
        order.put(one);
        nowMs += laterMs;
        expect(order.at(nowMs)).toEqual(triageOrder([...known.values()], nowMs));
      }
    }),
  );
});

import { expect, test } from 'vitest';
import { completeFrom, type DeliveryFacts } from './completion-rule.ts';

const ARRIVED = 1_000_000;
const facts = (rest: Partial<DeliveryFacts>): DeliveryFacts => ({
  lastArrivalAt: ARRIVED,
  lastEndAt: ARRIVED + 500,
  lastWasCut: false,
  openVisits: 0,
  held: 30,
  ...rest,
});

test.each([
  ['the association was released', {}, 2500],
  ['it was cut: the rest will come', { lastWasCut: true }, 10_500],
  ['another one of the study is still open', { openVisits: 1 }, 60_000],
  ['an object came after the last end', { lastEndAt: ARRIVED - 9000 }, 2000],
  ['nothing is known of its senders, after a restart', { lastEndAt: undefined }, 2000],
  ['all instances that were announced are there', { expected: 30 }, 500],
  ['fewer are there than were announced', { expected: 31 }, 2500],
  ['all are there in an association that stays open', { expected: 30, openVisits: 1 }, 2000],
  ['more are there than were announced in one', { expected: 29, openVisits: 1 }, 2000],
  ['fewer are there than were announced in one', { expected: 31, openVisits: 1 }, 60_000],
])('a study is complete when %s', (_, rest, after) => {
  expect(completeFrom(facts(rest as Partial<DeliveryFacts>)) - ARRIVED).toBe(after);
});

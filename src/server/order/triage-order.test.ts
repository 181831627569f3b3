import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TriageFacts, triageOrder, WAITING_CAP_MS } from './triage-order.ts';

const NOW = 100_000_000;
const MINUTE = 60_000;
const facts = (study: string, minutesAgo: number, rest: Partial<TriageFacts> = {}): TriageFacts => ({
  study,
  receivedAtMs: NOW - minutesAgo * MINUTE,
  urgent: false,
  isRead: false,
  ...rest,
});
const finding = (probability: number, disagreement = false) => ({
  probability,
  positive: probability >= 0.5,
  disagreement,
});
const order = (studies: readonly TriageFacts[]) => triageOrder(studies, NOW).map(({ study }) => study);

test('what an earlier result suspected stands with the suspected ones, and says so', () => {
  const takenBack = facts('taken back', 1, { finding: { ...finding(0.9), isTakenBack: true } });
  expect(triageOrder([facts('positive', 3, { finding: finding(0.6) }), takenBack], NOW)).toMatchObject([
    { study: 'taken back', because: 'suspected hemorrhage by an earlier result, not by the newest' },
    { study: 'positive', because: 'suspected hemorrhage' },
  ]);
});

test('the tiers, one by one', () => {
  const studies = [
    facts('read positive', 5, { isRead: true, finding: finding(0.99) }),
    facts('negative', 20, { finding: finding(0.1) }),
    facts('not analysed', 30),
    facts('disagrees', 2, { finding: finding(0.2, true) }),
    facts('positive', 3, { finding: finding(0.6) }),
    facts('surer positive', 1, { finding: finding(0.9) }),
    facts('urgent', 1, { urgent: true }),
    facts('urgent positive', 1, { urgent: true, finding: finding(0.7) }),
    facts('waited', 181, { finding: finding(0.01) }),
  ];
  expect(triageOrder(studies, NOW)).toMatchObject([
    { study: 'waited', rank: 1, because: 'unread for more than 3 hours' },
    { study: 'urgent positive', rank: 2, because: 'urgent request, suspected hemorrhage' },
    { study: 'urgent', rank: 3, because: 'urgent request' },
    { study: 'surer positive', rank: 4, because: 'suspected hemorrhage' },
    { study: 'positive', rank: 5, because: 'suspected hemorrhage' },
    { study: 'disagrees', rank: 6, because: 'slices and subject disagree' },
    { study: 'not analysed', rank: 7, because: 'in order of arrival' },
    { study: 'negative', rank: 8, because: 'in order of arrival' },
    { study: 'read positive', rank: 9, because: 'read' },
  ]);
});

const anyFacts = fc.record({
  receivedAtMs: fc.integer({ min: NOW - 3 * WAITING_CAP_MS, max: NOW }),
  urgent: fc.boolean(),
  isRead: fc.boolean(),
  finding: fc.option(
    fc.record({
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      positive: fc.boolean(),
      disagreement: fc.boolean(),
    }),
    { nil: undefined },
  ),
});
const anyList = fc
  .array(anyFacts, { minLength: 1, maxLength: 30 })
  .map((list) => list.map((one, i) => ({ ...one, study: String(i) }) as TriageFacts));

test('nobody is left out, and the order of the facts does not matter', () => {
  fc.assert(
    fc.property(anyList, (studies) => {
      const ranked = order(studies);
      expect(ranked.toSorted()).toEqual(studies.map(({ study }) => study).toSorted());
      expect(order(studies.toReversed())).toEqual(ranked);
    }),
  );
});

test('a result never lowers its study, nor one that is urgent or has waited past the cap', () => {
  fc.assert(
    fc.property(anyList, anyFacts, (studies, { finding: found }) => {
      const [first, ...others] = studies;
      if (first === undefined || found === undefined) return;
      const { finding: _, ...without } = first;
      const before = order([without, ...others]);
      const after = order([{ ...without, finding: found }, ...others]);
      expect(after.indexOf(first.study)).toBeLessThanOrEqual(before.indexOf(first.study));
      const protectedOnes = others.filter(
        (one) => !one.isRead && !without.urgent && (one.urgent || NOW - one.receivedAtMs > WAITING_CAP_MS),
      );
      for (const { study } of protectedOnes) expect(after.indexOf(study)).toBe(before.indexOf(study));
    }),
  );
});

test('who has waited past the cap stands before all who came later and are not read', () => {
  fc.assert(
    fc.property(anyList, (studies) => {
      const ranked = order(studies);
      for (const one of studies.filter((s) => !s.isRead && NOW - s.receivedAtMs > WAITING_CAP_MS))
        for (const later of studies.filter((s) => s.receivedAtMs > one.receivedAtMs))
          expect(ranked.indexOf(one.study)).toBeLessThan(ranked.indexOf(later.study));
    }),
  );
});

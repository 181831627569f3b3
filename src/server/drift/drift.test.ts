import { expect, test } from 'vitest';
import type { DriftFacts } from './facts.ts';
import { LOOK_EVERY, lookForDrift, RECENT_STUDIES } from './look.ts';
import { knownRange, outsideByRule, outsideOf, stopRuleSchema } from './outside.ts';
import { type Shift, siteStudies } from './site-fixture.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const REFERENCE = 1000;
const MONTH = 300;
const AFTER = START + REFERENCE * 144 * 60_000;
const period = { from: new Date(START).toISOString(), to: new Date(AFTER).toISOString() };

/** Names of alarms at each look, as studies come in. */
function alarmsOf(reference: readonly DriftFacts[], later: readonly DriftFacts[]): string[][] {
  const looks = Math.floor(later.length / LOOK_EVERY);
  return Array.from({ length: looks }, (_, k) => {
    const { streams } = lookForDrift([...reference, ...later.slice(0, (k + 1) * LOOK_EVERY)], period);
    return streams.filter(({ alarm }) => alarm).map(({ name }) => name);
  });
}

test('100 stable months raise at most 5 alarms', () => {
  let alarms = 0;
  for (let month = 1; month <= 100; month++) {
    const found = alarmsOf(siteStudies(month, START, REFERENCE), siteStudies(1000 + month, AFTER, MONTH));
    // one that still stands at the next look is no other alarm
    alarms += new Set(found.flat()).size;
  }
  expect(alarms).toBeLessThanOrEqual(5);
});

test.each<[string, Shift, string]>([
  ['a new kernel', { kernel: 'H60f' }, 'kernel'],
  ['10 HU more', { addHu: 10 }, 'head-hu'],
  ['twice as many positives', { rate: 2 }, 'positives'],
])('%s is named within 200 studies', (_, shift, name) => {
  for (let seed = 1; seed <= 10; seed++) {
    const reference = siteStudies(seed, START, REFERENCE);
    expect(alarmsOf(reference, siteStudies(500 + seed, AFTER, 200, shift)).flat()).toContain(name);
  }
});

test('a look says what it found, and waits for enough studies', () => {
  const reference = siteStudies(1, START, REFERENCE);
  const later = siteStudies(2, AFTER, 250, { kernel: 'H60f' });
  expect(lookForDrift([...reference, ...later.slice(0, LOOK_EVERY - 1)], period).streams).toEqual([]);
  const { recent, streams } = lookForDrift([...later, ...reference], period);
  expect(recent).toEqual(later.slice(0, RECENT_STUDIES));
  const kernel = streams.find(({ name }) => name === 'kernel');
  expect(kernel).toMatchObject({ side: 'in', alarm: true });
  expect(kernel?.text).toMatch(
    /^the convolution kernel: "H(60f|31s)" in \d+ of \d+ recent studies, in \d+ of \d+ /,
  );
  const few = lookForDrift([...reference.slice(0, 90), ...later], period).streams[0];
  expect(few).toMatchObject({ name: 'scanner', alarm: false });
  expect(few?.text).toMatch(/at least 50 and 100 are needed$/);
});

test('a study that is like none of the reference period is outside, in what and by how much', () => {
  const range = knownRange(siteStudies(1, START, REFERENCE));
  const [usual] = siteStudies(1, START, 1);
  if (usual === undefined) throw new Error('no study');
  expect(outsideOf(usual, range)).toEqual([]);
  expect(outsideOf({ ...usual, kernel: 'H60f', headHu: 90 }, range)).toEqual([
    'the convolution kernel "H60f" did not occur in the reference period',
    expect.stringMatching(
      /^the HU of the head's soft tissue is 90\.0, in the reference period 2\d\.\d to 4\d\.\d$/,
    ),
  ]);
  expect(outsideOf({ ...usual, kernel: 'H60f' }, knownRange([]))).toEqual([]);
  // As a worker elsewhere gets it
  const rule = stopRuleSchema.parse(JSON.parse(JSON.stringify({ range, recent: ['all differ'] })));
  const { scanner, kernel } = usual;
  expect(outsideByRule({ ...(scanner && { scanner }), ...(kernel && { kernel }), headHu: 90 }, rule)).toEqual(
    [expect.stringMatching(/^the HU of the head's soft tissue is 90\.0/), 'all differ'],
  );
});

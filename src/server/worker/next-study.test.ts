import { expect, test } from 'vitest';
import type { HeldStudy } from '../../archive/index.ts';
import { nextStudy } from './next-study.ts';

const at = (second: number) => new Date(1_700_000_000_000 + 1000 * second).toISOString();
const NOW = Date.parse(at(100));
const held = (study: string, second: number, rest: Partial<HeldStudy> = {}): HeldStudy => ({
  ...{ study, state: 'queued', objects: new Map(), receivedAt: at(second), lastArrivalAt: at(second) },
  ...{
    movedAt: at(second),
    urgent: false,
    isRead: false,
    tries: 0,
    line: 1,
    results: [],
    verdicts: [],
    ...rest,
  },
});

test.each([
  ['the first that came', [held('b', 2), held('a', 1)], 'a'],
  ['an urgent one before those that wait', [held('a', 1), held('urgent', 9, { urgent: true })], 'urgent'],
  ['only what is queued', [held('a', 1, { state: 'receiving' }), held('b', 2)], 'b'],
  ['nothing', [held('a', 1, { state: 'done' })], undefined],
])('%s', (_, studies, next) => {
  expect(nextStudy(studies, NOW)?.study).toBe(next);
});

test('one that failed waits longer with each try, and lets others go before', () => {
  const reason = { code: 'runtime-failed', text: '' };
  const failed = held('failed', 1, { reason, tries: 2, movedAt: at(85) });
  expect(nextStudy([failed, held('b', 2)], NOW)?.study).toBe('b');
  expect(nextStudy([failed], NOW)).toBeUndefined();
  expect(nextStudy([failed], Date.parse(at(105)))?.study).toBe('failed');
});

import { expect, test } from 'vitest';
import { whyOf } from './why.ts';
import { worklistSchema } from './worklist-items.ts';

const item = {
  ...{ studyInstanceUid: '1.2', state: 'done', rank: 1, rankReason: 'suspected hemorrhage' },
  ...{ urgent: false, read: false, receivedAt: '2026-11-29T12:00:00Z' },
};
const whyTold = (told: object): string[] =>
  worklistSchema.parse({ items: [{ ...item, ...told }] }).items.map(whyOf);

test('a result outside of what was checked says so before the reason of its rank', () => {
  expect(whyTold({})).toEqual(['suspected hemorrhage']);
  expect(whyTold({ outside: ['the kernel "H60f" did not occur', 'the HU differ'] })).toEqual([
    'outside of what was checked: the kernel "H60f" did not occur; the HU differ. suspected hemorrhage',
  ]);
});

import { expect, test } from 'vitest';
import { whyOf } from './why.ts';
import { worklistSchema } from './worklist-items.ts';

const item = {
  ...{ studyInstanceUid: '1.2', state: 'done', rank: 1, rankReason: 'suspected hemorrhage' },
  ...{ urgent: false, read: false, receivedAt: '2026-11-29T12:00:00Z' },
};
const whyTold = (told: object): string[] =>
  worklistSchema.parse({ items: [{ ...item, ...told }] }).items.map(whyOf);

test('the reason of a rank stands first, then why the result lies outside of what was checked', () => {
  expect(whyTold({})).toEqual(['suspected hemorrhage']);
  expect(whyTold({ outside: ['the kernel "H60f" did not occur', 'the HU differ'] })).toEqual([
    'suspected hemorrhage; outside of what was checked: the kernel "H60f" did not occur; the HU differ',
  ]);
});

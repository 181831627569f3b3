import { expect, test } from 'vitest';
import { messageOf } from './errors.ts';

test('what fetch throws is told with its reason', async () => {
  const thrown = await fetch('http://127.0.0.1:1/').catch((failed: unknown) => failed);
  expect(messageOf(thrown)).toMatch(/^fetch failed: (bad port|connect ECONNREFUSED)/);
  const hidden = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  expect(messageOf(new TypeError('fetch failed', { cause: hidden }))).toBe('fetch failed: ECONNREFUSED');
});

import { afterEach, expect, test, vi } from 'vitest';
import { sparing } from './sparing.ts';

afterEach(() => vi.useRealTimers());

test('of many steps the first, some and the last are told, of each task', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const told: string[] = [];
  const tell = sparing(({ task, done }) => told.push(`${task} ${done}`));
  for (const task of ['headers', 'slices'])
    for (let done = 1; done <= 1000; done++) {
      tell({ task, done, total: 1000 });
      vi.advanceTimersByTime(0.3);
    }
  expect(told).toEqual([
    ...['headers 1', 'headers 335', 'headers 669', 'headers 1000'],
    ...['slices 1', 'slices 335', 'slices 669', 'slices 1000'],
  ]);
});

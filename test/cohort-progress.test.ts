import { expect, test, vi } from 'vitest';
import { createProgressDisplay } from '../src/cli/index.ts';

test('without a terminal a line tells what is done, the detail, and once the time left by the pace so far', () => {
  vi.useFakeTimers();
  try {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 };
    const { listen } = createProgressDisplay(stream as unknown as NodeJS.WriteStream);
    const task = 'importing studies';
    listen({ task, done: 10, total: 16 });
    vi.advanceTimersByTime(4000);
    listen({ task, done: 11, total: 16, detail: '50 slices/s' });
    vi.advanceTimersByTime(16_000);
    listen({ task, done: 12, total: 16, detail: '50 slices/s' });
    expect(written).toEqual(['importing studies: 12/16 50 slices/s, 40 s left\n']);
  } finally {
    vi.useRealTimers();
  }
});

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { peakMemoryBytes } from './peak-memory.ts';

const MEGABYTE = 2 ** 20;
const script = `import('${new URL('peak-memory.ts', import.meta.url)}').then((m) => console.log(m.peakMemoryBytes()))`;

test("counts what was given back, and nothing of the starting process' own", () => {
  Buffer.alloc(300 * MEGABYTE, 1);
  expect(peakMemoryBytes()).toBeGreaterThan(300 * MEGABYTE);
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(Number(stdout)).toBeGreaterThan(20 * MEGABYTE);
  expect(Number(stdout)).toBeLessThan(200 * MEGABYTE);
});

test('without /proc the figure of the operating system stands in', () => {
  expect(peakMemoryBytes('/nowhere/proc/self/status')).toBe(process.resourceUsage().maxRSS * 1024);
});

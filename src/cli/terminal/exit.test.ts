import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const script = `
  const { interruptSignal, reportFailure } = await import('${new URL('exit.ts', import.meta.url)}');
  interruptSignal().addEventListener('abort', ({ target }) => process.exit(reportFailure(target.reason)));
  setInterval(() => undefined, 1000);
  process.kill(process.pid, process.argv[1]);`;

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s stops with exit code %i', (name, code) => {
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, name], {
    encoding: 'utf8',
  });
  expect(stderr).toContain('ichor: stopped before the end [aborted]');
  expect(status).toBe(code);
});

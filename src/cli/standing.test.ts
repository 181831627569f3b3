import { expect, test } from 'vitest';
import { boundStart } from './standing.ts';

const running = (command: string, rest: Partial<Parameters<typeof boundStart>[0]> = {}) => ({
  argv: ['/bin/node', '/opt/ichor', command, '--data', 'x'],
  env: {},
  execArgv: [],
  execPath: '/bin/node',
  platform: 'linux' as const,
  ...rest,
});

test.each(['serve', 'worker'])('%s starts with bounds on its memory, all else as it was', (command) => {
  expect(boundStart(running(command, { env: { HOME: '/h' }, execArgv: ['--no-warnings'] }))).toEqual({
    args: ['/bin/node', '--max-semi-space-size=16', '--no-warnings', '/opt/ichor', command, '--data', 'x'],
    env: { HOME: '/h', MALLOC_ARENA_MAX: '2' },
  });
});

test('bounds from outside stay, and each process is started once', () => {
  expect(boundStart(running('serve', { execArgv: ['--max-semi-space-size=16'] }))).toBeUndefined();
  expect(boundStart(running('serve', { env: { NODE_OPTIONS: '--max-semi-space-size=8' } }))).toBeUndefined();
  expect(boundStart(running('serve', { env: { MALLOC_ARENA_MAX: '1' } }))?.env).toEqual({
    MALLOC_ARENA_MAX: '1',
  });
});

test('other commands and other systems start as they are', () => {
  expect(boundStart(running('predict'))).toBeUndefined();
  expect(boundStart(running('serve', { platform: 'win32' }))).toBeUndefined();
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { experimentCommand } from '../src/cli/index.ts';

/** What commander says of a wrong option, in place of ending the process. */
async function refusal(...options: string[]): Promise<string> {
  const command = experimentCommand();
  let said = '';
  for (const own of command.commands) own.configureOutput({ writeErr: (text) => (said += text) });
  const given = ['paper', '--cohort', 'nowhere', ...options];
  await expect(command.parseAsync(given, { from: 'user' })).rejects.toMatchObject({ exitCode: 1 });
  return said;
}

test('wrong usage is thrown, for the exit code of wrong usage', async () => {
  expect(await refusal('--nonsense')).toContain("unknown option '--nonsense'");
});

test('a queue that is no PostgreSQL is refused', async () => {
  expect(await refusal('--queue', 'db:5432/x')).toContain('expected postgres://user@host/database');
});

test('shares of which fewer train than say when to stop are refused', async () => {
  expect(await refusal('--shares', '0.2,0.5,0.3')).toContain('the part that trains (the first) is smaller');
});

test('what stops all workers alike is passed on as their exit code', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ichor-workers-'));
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const given = [
    'experiment',
    'paper',
    '--cohort',
    'nowhere',
    '--out',
    path.join(folder, 'out'),
    '--workers',
    '2',
  ];
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [main, ...given], { cwd: folder }, (error, _, said) =>
      resolve({ code: error?.code, stderr: said }),
    );
  });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('nowhere') });
  expect(stderr).not.toContain('same command');
  await rm(folder, { recursive: true });
}, 60_000);

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openArchive } from '../src/archive/index.ts';
import { IchorError } from '../src/base/index.ts';
import { listenForDicom, simulateScanner, USUAL_SCANNER } from '../src/server/index.ts';
import { freePort } from './support/ports.ts';

const MAIN = new URL('../src/cli/main.ts', import.meta.url).pathname;

/** Exit code and what was printed. */
const scanner = (...args: string[]) =>
  promisify(execFile)(process.execPath, [MAIN, 'simulate', 'scanner', '--side', '64', ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );

test('studies of patients of their own arrive; what is refused is counted with its status', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'ichor-scanner-'));
  const archive = await openArchive(root);
  const seen: { urgent: boolean; callingAe: string }[] = [];
  const provider = await listenForDicom({
    ...{ host: '127.0.0.1', port: 0, aeTitle: 'ICHOR', log: () => undefined },
    visit: ({ callingAe }) => ({
      receive: async (announced) => {
        seen.push({ urgent: announced.urgent, callingAe });
        if (seen.length === 2) throw new IchorError('disk-full', 'no room');
        return archive.receive({ ...announced, from: 'test' });
      },
      notKept: () => undefined,
      ended: () => undefined,
    }),
  });
  const plan = ['--studies', '3', '--per-hour', '100000', '--positive', '0', '--emergency', '0.34'];
  const run = await scanner('--to', `ICHOR@127.0.0.1:${provider.port}`, ...plan, '--ae', 'CT7');
  await provider.close(0);
  const studies = [...archive.index.studies()];
  const objects = studies.reduce((sum, { objects }) => sum + objects.size, 0);
  await archive.close();
  await rm(root, { recursive: true });
  expect(studies).toHaveLength(3);
  expect(run.stdout.split('\n')).toEqual([
    '3 studies were sent, 0 of them with a bleed, 1 with high priority.',
    expect.stringMatching(/^They took [\d.]+ s; 100000 an hour were asked for\.$/),
    `${objects} of ${objects + 1} objects were acknowledged.`,
    '1 were not: ICHOR does not take it now: status a700.',
    expect.stringMatching(/^An object was answered after [\d.]+ ms \(median\), [\d.]+ ms \(95 of 100\)/),
    expect.stringMatching(/^A study was sent within [\d.]+ s \(median\)/),
    '',
  ]);
  expect(run.code).toBe(3);
  const urgent = seen.filter((one) => one.urgent).length;
  expect(urgent).toBeGreaterThan(seen.length / 4);
  expect(urgent).toBeLessThan(seen.length / 2);
  expect(new Set(seen.map(({ callingAe }) => callingAe))).toEqual(new Set(['CT7']));
});

test('where nobody listens it ends before anything is made', async () => {
  const peer = { host: '127.0.0.1', port: await freePort(), calledAe: 'ICHOR', callingAe: 'CT7' };
  const rest = { onProgress: () => expect.unreachable(), signal: new AbortController().signal };
  await expect(simulateScanner(peer, USUAL_SCANNER, rest)).rejects.toMatchObject({
    code: 'destination-unreachable',
  });
});

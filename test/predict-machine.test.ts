import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePhantomStudy } from './support/phantom-study.ts';

/** What a machine lacks while a study is predicted: each in file systems of its own, which take a privilege to mount. */
const mayMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
let place: string;
let study: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ichor-machine-'));
  study = path.join(place, 'study');
  await writePhantomStudy(study);
});
afterAll(() => rm(place, { recursive: true }));

/** Predicts behind a mount that only this command sees; `after` runs behind it too. */
function predictBehind(mount: string, out: string, after = 'true') {
  const script = `mount -t tmpfs ${mount} && { "$0" "$@"; code=$?; ${after}; exit $code; }`;
  const command = [process.execPath, main, 'predict', study, '--out', out];
  return spawnSync('unshare', ['--mount', 'sh', '-c', script, ...command], { encoding: 'utf8' });
}

test.skipIf(!mayMount)('without /proc a study is predicted and its report kept', async () => {
  const out = path.join(place, 'no-proc');
  const { status, stdout } = predictBehind('none /proc', out);
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/1 predicted, 0 refused/) });
  expect(await readdir(out, { recursive: true })).toContainEqual(expect.stringMatching(/report\.html$/));
});

test.skipIf(!mayMount)('a full disk: exit 1, a line that says so, nothing half-written', async () => {
  const out = path.join(place, 'full');
  await mkdir(out);
  const { status, stdout, stderr } = predictBehind(`-o size=100k none ${out}`, out, `find ${out} -type f`);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^ichor: cannot write .*no space is left on the disk.*\[disk-full\]\n$/),
  });
  expect(stdout).not.toMatch(/report\.html|prediction\.json|partial/);
});

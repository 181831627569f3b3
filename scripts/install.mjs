// Runs on any Node: installs what is missing, then runs one of our commands on the project's own Node 24.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');

/** Installs the dependencies where node_modules is absent or older than the lock file. */
export function installDependencies() {
  if (existsSync(join(bin, 'node')) && existsSync(join(root, 'node_modules', '.package-lock.json'))) return;
  process.stderr.write('Installing dependencies (once) ...\n');
  runOrExit('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Runs a command with the project's binaries first on the PATH; ends this process if it fails. */
export function runOrExit(command, args, cwd = root) {
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  };
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}

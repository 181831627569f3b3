/** A PostgreSQL of the test's own: Debian's, in a folder that is removed afterwards, on a free port of this machine. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';

const run = promisify(execFile);
const VERSIONS = '/usr/lib/postgresql';

export interface Postgres {
  /** Of a database of this name, which is made. */
  urlOf(name: string): Promise<string>;
  start(): Promise<void>;
  /** `immediate` is what a kill does. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Ends and removes it. */
  remove(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ichor-postgres-'));
  await chmod(folder, 0o777);
  const port = await freePort();
  const [version = ''] = (await readdir(VERSIONS)).sort((a, b) => Number(b) - Number(a));
  const data = path.join(folder, 'data');
  const pg = (program: string, ...args: string[]) =>
    asPostgres(path.join(VERSIONS, version, 'bin', program), args);
  await pg('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync');
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  const start = async (): Promise<void> => {
    await pg('pg_ctl', '-D', data, '-l', path.join(folder, 'log'), '-o', options, '-w', 'start');
  };
  const stop = async (how: string): Promise<void> => {
    await pg('pg_ctl', '-D', data, '-m', how, '-w', 'stop');
  };
  await start();
  return {
    urlOf: async (name) => {
      await pg('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', name);
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    start,
    stop,
    remove: async () => {
      // It may be stopped already
      await stop('immediate').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL does not run as root. Its server keeps no pipe of ours open. */
function asPostgres(program: string, args: readonly string[]) {
  const isRoot = process.getuid?.() === 0;
  const command = isRoot ? ['runuser', '-u', 'postgres', '--', program, ...args] : [program, ...args];
  const [first = '', ...rest] = command;
  return run(first, rest, { cwd: '/' });
}

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from '../../base/index.ts';
import { warnLines } from './print.ts';

/**
 * A new password: typed twice on a terminal, where it is not shown; else the first line of standard input. Never an
 * argument, which every program of the machine could read. Throws UsageError `password-mistyped`, `password-missing`.
 */
export async function askPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine(await text(process.stdin));
  const password = await hidden(`Password of ${name} (not shown):`);
  if ((await hidden('Once more:')) !== password)
    throw new UsageError('password-mistyped', 'the two passwords differ; nothing was changed');
  return password;
}

function firstLine(typed: string): string {
  const [line = ''] = typed.split(/\r?\n/);
  if (line === '') throw new UsageError('password-missing', 'no password came on standard input');
  return line;
}

async function hidden(prompt: string): Promise<string> {
  warnLines([prompt]);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  terminal.once('SIGINT', () => {
    terminal.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
  }
}

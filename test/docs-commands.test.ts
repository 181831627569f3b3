import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = (await readdir(path.join(root, 'docs'))).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...docs.map((name) => path.join('docs', name))];
const COMMANDS = [
  'predict',
  'train',
  'evaluate',
  'experiment paper',
  ...['import', 'inspect', 'split', 'verify'].map((name) => `cohort ${name}`),
  'phantom',
  ...['info', 'export', 'quantize', 'compare', 'calibrate'].map((name) => `model ${name}`),
  'demo',
];
/** Help of each command, asked as a user would. */
const help = new Map<string, string>();

beforeAll(async () => {
  const ask = promisify(execFile);
  for (const command of COMMANDS) {
    const args = [path.join(root, 'src/cli/main.ts'), ...command.split(' '), '--help'];
    help.set(command, (await ask(process.execPath, args)).stdout);
  }
}, 60_000);

/** The options that a help lists, each with its short form left out. */
const optionsOf = (command: string): Set<string> =>
  new Set(
    [...(help.get(command) ?? '').matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, o]) => o as string),
  );

/** `ichor <command> ... --option ...` in a text, up to the end of line, quotation or pipe; comments left out. */
function usesIn(text: string): { command: string; option: string }[] {
  const lines = [...text.matchAll(/\bichor ((?:cohort|model|experiment) \w+|\w+)([^\n`|#]*)/g)];
  return lines.flatMap(([, command, rest]) =>
    [...(rest as string).matchAll(/--[a-z][a-z0-9-]*/g)].map(([option]) => ({
      command: command as string,
      option,
    })),
  );
}

const unknownIn = (text: string) =>
  usesIn(text).filter(({ command, option }) => help.has(command) && !optionsOf(command).has(option));

test.each(pages)('every option that %s gives to a command is there', async (page) => {
  expect(unknownIn(await readFile(path.join(root, page), 'utf8'))).toEqual([]);
});

test.each(COMMANDS)('every option in the examples of %s is there', (command) => {
  expect(optionsOf(command)).toContain('--help');
  expect(unknownIn(help.get(command) ?? '')).toEqual([]);
});

test('an option named alone in a page belongs to some command', async () => {
  const known = new Set(COMMANDS.flatMap((command) => [...optionsOf(command)]));
  const unknown: string[] = [];
  for (const page of pages)
    for (const [, option] of (await readFile(path.join(root, page), 'utf8')).matchAll(
      /`(--[a-z][a-z0-9-]*)/g,
    ))
      if (!known.has(option as string)) unknown.push(`${page}: ${option}`);
  expect(unknown).toEqual([]);
});

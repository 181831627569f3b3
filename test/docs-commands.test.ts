import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { COMMANDS as ROWS } from '../src/cli/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = (await readdir(path.join(root, 'docs'))).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...docs.map((name) => path.join('docs', name))];

/** Each command that does something, by what a user types: `predict`, `cohort import`. */
const loaded = await Promise.all(ROWS.map(({ load }) => load()));
const runnable = loaded.flatMap((command) =>
  command.commands.length === 0
    ? [[command.name(), command] as const]
    : command.commands.map((own) => [`${command.name()} ${own.name()}`, own] as const),
);
/** Help of each command, as `--help` prints it. */
const help = new Map(runnable.map(([name, command]) => [name, helpOf(command)]));
const COMMANDS = [...help.keys()];

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

/** The options that a help lists, each with its short form left out. */
const optionsOf = (command: string): Set<string> =>
  new Set(
    [...(help.get(command) ?? '').matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, o]) => o as string),
  );

/** `ichor <command> ... --option ...` in a text, up to the end of line, quotation or pipe; comments left out. */
function usesIn(text: string): { command: string; option: string }[] {
  const lines = [...text.matchAll(/\bichor ((?:cohort|model|experiment|simulate) \w+|\w+)([^\n`|#]*)/g)];
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

test.each(COMMANDS)('%s --help has an example', (command) => {
  expect(help.get(command)).toMatch(/^Examples?:\n {2}ichor /m);
});

test('each command has the name that its row in the list gives it', () => {
  expect(loaded.map((command) => command.name())).toEqual(ROWS.map(({ name }) => name));
});

import { readFile, writeFile } from 'node:fs/promises';
import type { ModelCard } from '../src/network/index.ts';

const BEGIN = '<!-- figures:begin -->';
const END = '<!-- figures:end -->';

/** Writes the card's figures between the marks of a Markdown file. */
export async function writeFigures(file: URL, performance: ModelCard['performance']): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${file.pathname} has no ${BEGIN} ... ${END}`);
  await writeFile(file, `${before}${BEGIN}\n${figuresTable(performance)}\n${END}${after}`);
}

function figuresTable(performance: ModelCard['performance']): string {
  const rows = performance.map(({ figure, value }) => `| ${figure} | ${value} |`);
  const measured = [...new Set(performance.map((row) => row.measured))].map((text) => `${text}.`).join(' ');
  return ['| figure | value |', '|---|---|', ...rows, '', measured].join('\n');
}

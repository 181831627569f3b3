import type { ModelCard } from '../src/network/index.ts';
import { writeBetweenMarks } from './marked-text.ts';

/** Writes the card's figures between the marks of a Markdown file. */
export const writeFigures = (file: URL, performance: ModelCard['performance']): Promise<void> =>
  writeBetweenMarks(file, 'figures', figuresTable(performance));

function figuresTable(performance: ModelCard['performance']): string {
  const rows = performance.map(({ figure, value }) => `| ${figure} | ${value} |`);
  const measured = [...new Set(performance.map((row) => row.measured))].map((text) => `${text}.`).join(' ');
  return ['| figure | value |', '|---|---|', ...rows, '', measured].join('\n');
}

import type { ModelCard } from '../src/network/index.ts';
import { writeBetweenMarks } from './marked-text.ts';

/** Writes the card's figures between the marks of a Markdown file. */
export const writeFigures = (file: URL, performance: ModelCard['performance']): Promise<void> =>
  writeBetweenMarks(file, 'figures', figuresTable(performance));

/** What was measured how stands below the table, by number. */
function figuresTable(performance: ModelCard['performance']): string {
  const ways = [...new Set(performance.map(({ measured }) => measured))];
  const rows = performance.map(
    ({ figure, value, measured }) => `| ${figure} | ${value} | ${ways.indexOf(measured) + 1} |`,
  );
  const told = ways.map((way, i) => `${i + 1}. ${way.charAt(0).toUpperCase()}${way.slice(1)}.`);
  return ['| figure | value | measured as |', '|---|---|---|', ...rows, '', ...told].join('\n');
}

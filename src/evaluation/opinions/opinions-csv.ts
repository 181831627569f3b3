import { csvText } from '../../base/index.ts';
import { KNOWN_COLUMNS, type OpinionRow } from './opinion-row.ts';

/** Opinions as the CSV that readOpinions takes: its own columns in their order, then covariates. */
export function opinionsCsv(rows: readonly OpinionRow[]): string {
  const met = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) met.add(name);
  const known = [...KNOWN_COLUMNS].filter((name) => met.has(name));
  const columns = [...known, ...[...met].filter((name) => !KNOWN_COLUMNS.has(name)).sort()];
  const cell = (row: OpinionRow, name: string): string => String(row[name] ?? '');
  return csvText([columns, ...rows.map((row) => columns.map((name) => cell(row, name)))]);
}

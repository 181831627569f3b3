import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { messageOf, RefusedInput } from '../base/index.ts';
import { CLASS_NAMES, opinionRowSchema, REQUIRED_COLUMNS } from './opinion-row.ts';
import { OpinionCollector, type Opinions } from './opinions.ts';

/**
 * Reads opinions from a CSV file as a stream: memory grows with the numbers kept, not with the file.
 * @throws RefusedInput naming the line: missing columns, a probability outside 0..1, double rows, contradictions
 */
export async function readOpinionsFile(path: string): Promise<Opinions> {
  return readOpinions(createReadStream(path));
}

/** As `readOpinionsFile`, from any stream of UTF-8 CSV. */
export async function readOpinions(csv: Readable): Promise<Opinions> {
  const collector = new OpinionCollector();
  const parser = csv.pipe(
    parse({
      columns: checkHeader,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
      relax_column_count: false,
    }),
  );
  csv.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: unknown;
      info: { lines: number };
    }>) {
      collector.add(checkRow(record, info.lines), info.lines);
    }
  } catch (error) {
    if (error instanceof RefusedInput) throw error;
    throw new RefusedInput('unreadable-csv', `The opinions cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return collector.finish();
}

function checkHeader(header: string[]): string[] {
  const missing = REQUIRED_COLUMNS.filter((column) => !header.includes(column));
  if (!header.includes('probability') && !header.includes('decision')) missing.push('probability' as never);
  if (missing.length > 0) {
    throw new RefusedInput(
      'missing-columns',
      `The opinions need the columns ${REQUIRED_COLUMNS.join(', ')}, and probability or decision; missing: ${missing.join(', ')}.`,
    );
  }
  return header;
}

function checkRow(record: unknown, line: number) {
  const checked = opinionRowSchema.safeParse(record);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const column = String(issue?.path[0] ?? 'row');
  const found = (record as Record<string, unknown>)[column];
  throw new RefusedInput(
    'bad-cell',
    `Line ${line}: ${column} is "${String(found)}"; expected ${EXPECTED[column] ?? 'text'}.`,
  );
}

const EXPECTED: Readonly<Record<string, string>> = {
  slice: 'a whole number from 1, or nothing for the subject',
  class: `one of ${CLASS_NAMES.join(', ')}`,
  reference: '0 or 1',
  decision: '0, 1 or nothing',
  probability: 'a number in 0..1, or nothing',
};

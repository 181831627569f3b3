import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { isOtherEncoding, messageOf, otherSeparator, RefusedInput, UsageError } from '../../base/index.ts';
import { explainSystemError } from '../../files/index.ts';
import { CLASS_NAMES, type OpinionRow, opinionRowSchema, REQUIRED_COLUMNS } from './opinion-row.ts';
import { OpinionCollector, type Opinions } from './opinions.ts';

/**
 * Reads opinions from a CSV file as a stream: memory grows with the numbers kept, not with the file.
 * @throws UsageError where the file cannot be opened; RefusedInput naming the line: missing columns, a probability outside 0..1, double rows, contradictions
 */
export async function readOpinionsFile(path: string): Promise<Opinions> {
  const file = await open(path).catch((error: unknown) => {
    throw explainSystemError(error, 'read', path);
  });
  if ((await file.stat()).isDirectory()) {
    await file.close();
    throw new UsageError('path-is-folder', `cannot read ${path}: it is a folder, a CSV was expected`);
  }
  return readOpinions(file.createReadStream());
}

/** As `readOpinionsFile`, from any stream of UTF-8 CSV. */
export async function readOpinions(csv: Readable): Promise<Opinions> {
  const collector = new OpinionCollector();
  let rowOf: ((cells: readonly string[], line: number) => OpinionRow) | undefined;
  let refusal: unknown;
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    trim: true,
    // taken at once and not handed on: a stream of 5 million objects would cost more than their reading
    on_record: (cells: string[], { lines }) => {
      try {
        if (rowOf) collector.add(rowOf(cells, lines), lines);
        else rowOf = rowReader(cells);
      } catch (error) {
        refusal ??= error;
        parser.destroy();
      }
      return null;
    },
  });
  try {
    await pipeline(csv, parser, async (records) => {
      for await (const _ of records);
    });
    if (refusal) throw refusal;
  } catch (error) {
    const cause = refusal ?? error;
    if (cause instanceof RefusedInput) throw cause;
    throw new RefusedInput('unreadable-csv', `The opinions cannot be read: ${messageOf(cause)}`, { cause });
  }
  return collector.finish();
}

/** Reads a row's cells by the header's names. Cells of one study repeat: only a changed cell is checked again. */
function rowReader(header: readonly string[]): (cells: readonly string[], line: number) => OpinionRow {
  checkHeader(header);
  const columns = header.map((name) => ({
    name,
    check: Object.hasOwn(opinionRowSchema.shape, name)
      ? opinionRowSchema.shape[name as keyof typeof opinionRowSchema.shape]
      : undefined,
    text: undefined as string | undefined,
    value: undefined as unknown,
  }));
  return (cells, line) => {
    const row: Record<string, unknown> = Object.create(null);
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k] as (typeof columns)[number];
      const text = cells[k] as string;
      if (text !== column.text) {
        refuseOtherEncoding(text, line);
        column.value = column.check ? checkCell(column.check, column.name, text, line) : text;
        column.text = text;
      }
      row[column.name] = column.value;
    }
    if (row.reference === undefined && row.excluded === undefined) throw badCell('reference', '', line);
    return row as OpinionRow;
  };
}

function refuseOtherEncoding(text: string, line: number): void {
  if (!isOtherEncoding(text)) return;
  throw new RefusedInput('not-utf8', `Line ${line} is not UTF-8: save the opinions as "CSV UTF-8".`);
}

function checkHeader(header: readonly string[]): void {
  const missing: string[] = REQUIRED_COLUMNS.filter((column) => !header.includes(column));
  if (!header.includes('probability') && !header.includes('decision'))
    missing.push('probability or decision');
  const twice = header.find((name, k) => header.indexOf(name) !== k);
  if (missing.length > 0) {
    const other = otherSeparator(header);
    const hint = other === undefined ? '' : ` The cells are parted by ${other}; commas are read.`;
    throw new RefusedInput(
      'missing-columns',
      `The opinions need the columns ${REQUIRED_COLUMNS.join(', ')}, and probability or decision; missing: ${missing.join(', ')}.${hint}`,
    );
  }
  if (twice !== undefined)
    throw new RefusedInput('double-column', `The opinions have two columns named ${twice}.`);
}

function checkCell(
  check: { safeParse(text: unknown): { success: boolean; data?: unknown } },
  name: string,
  text: string,
  line: number,
): unknown {
  const checked = check.safeParse(text);
  if (checked.success) return checked.data;
  throw badCell(name, text, line);
}

const badCell = (name: string, text: string, line: number): RefusedInput =>
  new RefusedInput('bad-cell', `Line ${line}: ${name} is "${text}"; expected ${EXPECTED[name] ?? 'text'}.`);

const EXPECTED: Readonly<Record<string, string>> = {
  slice: 'a whole number from 1, or nothing for the subject',
  class: `one of ${CLASS_NAMES.join(', ')}`,
  reference: '0 or 1',
  decision: '0, 1 or nothing',
  probability: 'a number in 0..1, or nothing',
};

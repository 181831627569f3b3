import { parse } from 'csv-parse/sync';
import type { z } from 'zod';
import { RefusedInput } from '../base/index.ts';

/** A CSV with a header as rows of a schema; RefusedInput names the file, the line and the column that is wrong. */
export function readTable<T>(text: string, schema: z.ZodType<T>, file: string): T[] {
  const rows = parseCsv(text, file);
  return rows.map((row, i) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const where = `${file}, line ${i + 2}, column ${issue?.path.join('.') || '?'}`;
    throw new RefusedInput('table-row', `${where}: ${issue?.message ?? 'not as expected'}`);
  });
}

function parseCsv(text: string, file: string): Record<string, string>[] {
  try {
    return parse(text, { bom: true, columns: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusedInput('table-unreadable', `${file} is not a CSV with a header: ${why}`, {
      cause: error,
    });
  }
}

import path from 'node:path';
import { type JsonLines, jsonLines } from '../../files/index.ts';
import { type JournalLine, journalLineSchema } from './scan-record.ts';

/** The store's journal: a line for each scan and each refusal. Its errors are IchorError `store-corrupt`. */
export const openJournal = (folder: string): JsonLines<JournalLine> =>
  jsonLines(path.join(folder, 'scans.jsonl'), {
    schema: journalLineSchema,
    code: 'store-corrupt',
    advice: 'delete that line and import again',
  });

/** The last line of each study: an import that was cut goes on after them. */
export async function readJournal(folder: string): Promise<JournalLine[]> {
  const lines = await openJournal(folder).read();
  return [...new Map(lines.map((line) => [line.study, line])).values()];
}

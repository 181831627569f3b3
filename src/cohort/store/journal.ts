import { appendFile, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import { IchorError } from '../../base/index.ts';
import { explainSystemError } from '../../files/index.ts';
import { type JournalLine, journalLineSchema } from './scan-record.ts';

const JOURNAL = 'scans.jsonl';

/**
 * The journal's lines, the last of each study: an import that was cut goes on after them. A last line without its
 * end was being written when the import was killed and is left aside.
 * @throws IchorError `store-corrupt` naming the line
 */
export async function readJournal(folder: string): Promise<JournalLine[]> {
  const text = await readFile(path.join(folder, JOURNAL), 'utf8').catch(emptyIfMissing);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const byStudy = new Map<string, JournalLine>();
  for (const [i, line] of whole.split('\n').entries()) {
    if (line === '') continue;
    const parsed = parseLine(line, i + 1);
    byStudy.set(parsed.study, parsed);
  }
  return [...byStudy.values()];
}

function parseLine(line: string, number: number): JournalLine {
  try {
    return journalLineSchema.parse(JSON.parse(line));
  } catch (cause) {
    const text = `line ${number} of ${JOURNAL} is damaged: delete that line and import again`;
    throw new IchorError('store-corrupt', text, { cause });
  }
}

function emptyIfMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw explainSystemError(error, 'read', JOURNAL);
}

/** Takes away a last line that was cut, so that the next one does not run into it. */
export async function repairJournal(folder: string): Promise<void> {
  const file = path.join(folder, JOURNAL);
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return;
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole < bytes.length) await truncate(file, whole);
}

/** Adds a line and sees it onto the disk. */
export async function appendToJournal(folder: string, line: JournalLine): Promise<void> {
  const file = path.join(folder, JOURNAL);
  try {
    await appendFile(file, `${JSON.stringify(line)}\n`, { flush: true });
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', file);
  }
}

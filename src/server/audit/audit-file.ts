import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  type JournalLength,
  type JournalPosition,
  journalLength,
  newestEntries,
  readJournal,
  sumOfLine,
} from '../../archive/index.ts';
import { IchorError } from '../../base/index.ts';
import { readTextIfThere } from '../../files/index.ts';
import { type AuditEntry, auditEntrySchema } from './audit-entry.ts';

export const auditFile = (data: string): string => path.join(data, 'audit.jsonl');
/** How long the trail was, and how it ended: what is missing at its end shows here. */
export const auditHeadFile = (data: string): string => path.join(data, 'audit.head');

const headSchema = z.object({ lines: z.number(), sum: z.string() });

/** An entry and the number of its line, from 1. */
export interface NumberedEntry extends AuditEntry {
  readonly line: number;
}

/**
 * Reads the whole trail and sees that no line was altered, left out, put in, moved or cut off its end; gives its length and
 * its last checksum. Throws IchorError `journal-broken` with the line, `audit-cut`, and what reading throws.
 */
export async function verifyAudit(data: string) {
  const file = auditFile(data);
  if (!existsSync(file)) throw await noTrail(data);
  const end = await readJournal(file, { schema: auditEntrySchema, onEntry: () => true });
  await refuseCut(data, end);
  return { lines: end.line, sum: end.line === 0 ? '' : end.sum };
}

async function noTrail(data: string): Promise<IchorError> {
  const head = await readTextIfThere(auditHeadFile(data));
  const text =
    head === undefined ? 'there is no audit trail yet' : 'the audit trail is gone; restore it from a backup';
  return new IchorError(head === undefined ? 'audit-missing' : 'audit-cut', `${text}: ${auditFile(data)}`);
}

async function refuseCut(data: string, { line: lines, sum }: JournalPosition): Promise<void> {
  const text = await readTextIfThere(auditHeadFile(data));
  if (text === undefined) return;
  const head = headSchema.parse(JSON.parse(text));
  const found = head.lines === lines ? sum : await sumOfLine(auditFile(data), head.lines);
  const isThere = head.lines === 0 || found === head.sum;
  if (!isThere)
    throw new IchorError(
      'audit-cut',
      `audit.jsonl has ${lines} lines and not the ${head.lines} that it had; keep this file, and restore the trail from a backup`,
    );
}

/** Which entries, newest first. */
export interface AuditQuery {
  readonly study?: string | undefined;
  readonly who?: string | undefined;
  /** Only lines before this one. */
  readonly before?: number | undefined;
  readonly most: number;
}

/**
 * The newest entries that match; none where there is no trail yet. Reads from the end on and no more than it needs: where the trail
 * ends is counted unless it is given. Throws as readJournal does.
 */
export async function readAudit(
  data: string,
  { study, who, before, most }: AuditQuery,
  length?: JournalLength,
): Promise<NumberedEntry[]> {
  const found: NumberedEntry[] = [];
  const file = auditFile(data);
  if (!existsSync(file)) return found;
  const newest = newestEntries(file, length ?? (await journalLength(file)), auditEntrySchema, before);
  for await (const { entry, line } of newest) {
    const isWanted =
      (study === undefined || entry.study === study) && (who === undefined || entry.who === who);
    if (isWanted) found.push({ ...entry, line });
    if (found.length >= most) break;
  }
  return found;
}

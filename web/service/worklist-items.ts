/** The list as the service gives it (`GET /api/worklist`), and what a reader makes of it. Pure. */
import { z } from 'zod';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../../src/base/index.ts';
import { verdictSchema } from './verdict.ts';

export const STUDY_STATES = ['receiving', 'queued', 'predicting', 'done', 'refused', 'failed'] as const;

const itemSchema = z.object({
  studyInstanceUid: z.string(),
  state: z.enum(STUDY_STATES),
  /** Why it is in this state, and at this rank. */
  reason: z.string().optional(),
  rank: z.number(),
  rankReason: z.string(),
  anyHemorrhage: z.object({ probability: z.number(), positive: z.boolean() }).optional(),
  /** Those that the result suspects. */
  subtypes: z.array(z.enum(HEMORRHAGE_SUBTYPE_NAMES)).optional(),
  disagreement: z.boolean().optional(),
  /** Names the current result. */
  result: z.string().optional(),
  /** Why the result lies outside of what was checked. */
  outside: z.array(z.string()).optional(),
  urgent: z.boolean(),
  /** A reader's, the newest on the current result. */
  verdict: verdictSchema.pick({ opinion: true, by: true, at: true }).optional(),
  /** A person has said that it was read. */
  read: z.boolean(),
  receivedAt: z.iso.datetime(),
});
export const worklistSchema = z.object({
  items: z.array(itemSchema),
  /** For the next page. */
  next: z.string().optional(),
});
export type WorklistItem = z.infer<typeof itemSchema>;

/** What a reader looks for at a glance. */
export const GROUPS = ['suspected', 'disagree', 'below', 'waiting', 'not analysed'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf({ state, anyHemorrhage, disagreement }: WorklistItem): Group {
  if (state === 'refused' || state === 'failed') return 'not analysed';
  if (state !== 'done' || anyHemorrhage === undefined) return 'waiting';
  if (disagreement === true) return 'disagree';
  return anyHemorrhage.positive ? 'suspected' : 'below';
}

/** What nobody has read yet, of what should be read first. */
export const unreadSuspected = (items: readonly WorklistItem[]): WorklistItem[] =>
  items.filter((item) => ['suspected', 'disagree'].includes(groupOf(item)) && !item.read);

const resultOf = ({ studyInstanceUid, result }: WorklistItem): string => `${studyInstanceUid} ${result}`;

/** What is announced: what was not among the unread suspected before. A result that was read and is unread again is no news. */
export function newlySuspected(
  before: readonly WorklistItem[],
  after: readonly WorklistItem[],
): WorklistItem[] {
  const known = new Set(unreadSuspected(before).map(({ studyInstanceUid }) => studyInstanceUid));
  const read = new Set(before.filter((item) => item.read).map(resultOf));
  return unreadSuspected(after).filter(
    (item) => !known.has(item.studyInstanceUid) && !read.has(resultOf(item)),
  );
}

/** A row that stays where it is, from 0. */
export interface Pin {
  readonly study: string;
  readonly index: number;
}

/** The row under the pointer stays in its place, and all others move around it in their order. */
export function pinnedOrder(items: readonly WorklistItem[], pin: Pin | undefined): readonly WorklistItem[] {
  const at =
    pin === undefined ? -1 : items.findIndex(({ studyInstanceUid }) => studyInstanceUid === pin.study);
  const pinned = items[at];
  if (pin === undefined || pinned === undefined || at === pin.index) return items;
  return items.toSpliced(at, 1).toSpliced(pin.index, 0, pinned);
}

const MINUTE_MS = 60_000;

/** `4 min`, `2 h 5 min`: since the study came; empty once a person has read it, for then it waits no more. */
export function waitingText({ receivedAt, read }: WorklistItem, now: number): string {
  if (read) return '';
  const minutes = Math.max(0, Math.floor((now - Date.parse(receivedAt)) / MINUTE_MS));
  if (minutes < 1) return '< 1 min';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

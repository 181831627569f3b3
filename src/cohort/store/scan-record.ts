import { z } from 'zod';
import { HEMORRHAGE_CLASSES, type HemorrhageName, IchorError } from '../../base/index.ts';
import type { KnownLabels } from '../cohort-study.ts';
import type { ScanEntry } from './training-store.ts';

/** Six marks by HEMORRHAGE_CLASSES: `1`, `0`, `?` where the data set does not say. */
const marks = z.string().regex(/^[01?]{6}$/);
const text = z.string().min(1);
const labels = z.object({ subject: marks, slices: z.array(marks).optional() });
const check = z.object({ code: text, severity: z.enum(['noted', 'warned', 'refused']), text });

/** Where a stored scan comes from; nothing in it names a patient. */
export const provenanceSchema = z.object({
  /** The files that were read: how many, and the SHA-256 of their SHA-256 in order of their names. */
  files: z.number().int().nonnegative(),
  filesSha256: text,
  /** SHA-256 of the Series Instance UID. */
  seriesSha256: text.optional(),
  manufacturer: text.optional(),
  model: text.optional(),
  kernel: text.optional(),
  sliceThicknessMm: z.number().optional(),
  /** Absent where the images do not tell it. */
  sliceSpacingMm: z.number().optional(),
  /** Of the slices before they were resampled. */
  rows: z.number().int(),
  columns: z.number().int(),
  exposureMs: z.number().optional(),
  ichor: text,
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** A line of the store's journal: a scan that is stored. */
export const scanRecordSchema = z.object({
  kind: z.literal('scan'),
  study: text,
  patient: text,
  source: text,
  /** The scan's array below `scans/`. */
  folder: text,
  slices: z.number().int().positive(),
  labels,
  /** What each reader says, where there are several. */
  readers: z.record(text, labels).optional(),
  covariates: z.record(text, z.string()),
  checks: z.array(check),
  provenance: provenanceSchema,
  sha256: text,
  /** SHA-256 of what was asked for, labels and file names: an import goes on where it is the same. */
  asked: text,
  storedBytes: z.number().int(),
});
export type ScanRecord = z.infer<typeof scanRecordSchema>;

/** A line of the store's journal: a study that was refused, so that nobody wonders where it went. */
export const refusalRecordSchema = z.object({
  kind: z.literal('refused'),
  study: text,
  patient: text,
  source: text,
  checks: z.array(check).min(1),
});
export type RefusalRecord = z.infer<typeof refusalRecordSchema>;

export const journalLineSchema = z.discriminatedUnion('kind', [scanRecordSchema, refusalRecordSchema]);
export type JournalLine = z.infer<typeof journalLineSchema>;

/** Labels as marks. */
export function marksOf(known: KnownLabels): string {
  const mark = (value: boolean | undefined) => (value === undefined ? '?' : String(Number(value)));
  return HEMORRHAGE_CLASSES.map(({ name }) => mark(known[name])).join('');
}

/** Shared between rows that are alike, as targetsOf. */
export function labelsOfMarks(written: string): KnownLabels {
  const shared = labelRows.get(written);
  if (shared !== undefined) return shared;
  const known = HEMORRHAGE_CLASSES.flatMap(({ name }, i) =>
    written[i] === '?' ? [] : [[name, written[i] === '1'] as const],
  );
  const labels: KnownLabels = Object.freeze(Object.fromEntries(known));
  labelRows.set(written, labels);
  return labels;
}

const labelRows = new Map<string, KnownLabels>();

/** The 729 rows there can be, each once: a million slices do not take a million arrays. */
const targetRows = new Map<string, readonly number[]>();

function targetsOf(written: string): readonly number[] {
  const known = targetRows.get(written);
  if (known !== undefined) return known;
  const row = Object.freeze([...written].map((mark) => (mark === '?' ? Number.NaN : Number(mark))));
  targetRows.set(written, row);
  return row;
}

/** What a trainer sees of a record. Throws IchorError `store-corrupt` where labels and slices do not fit. */
export function entryOf(record: ScanRecord): ScanEntry {
  const { study, patient, source, slices, sha256 } = record;
  if (record.labels.slices !== undefined && record.labels.slices.length !== slices) {
    const found = `${slices} slices and labels for ${record.labels.slices.length}`;
    throw new IchorError(
      'store-corrupt',
      `study ${study} of the store has ${found}: delete its line in scans.jsonl and import again`,
    );
  }
  return Object.freeze({
    study,
    patient,
    source,
    slices,
    sha256,
    subjectTargets: targetsOf(record.labels.subject),
    labelled: labelledClasses(record.labels.subject),
    ...(record.labels.slices && { sliceTargets: record.labels.slices.map(targetsOf) }),
  });
}

const labelledClasses = (written: string): readonly HemorrhageName[] =>
  HEMORRHAGE_CLASSES.filter((_, i) => written[i] !== '?').map(({ name }) => name);

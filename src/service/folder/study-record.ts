import { z } from 'zod';
import type { StudyInfo } from '../../study/index.ts';
import type { NotPredicted, PredictedOutcome } from '../outcomes/outcome.ts';

/** In every study's folder: which input it was made of, when, and what came of it. */
export const RECORD_FILE = 'outcome.json';

const checkSchema = z.object({
  severity: z.enum(['noted', 'warned', 'refused']),
  code: z.string(),
  text: z.string(),
  files: z.array(z.string()).optional(),
  slices: z.array(z.number().int().nonnegative()).optional(),
});
const everyRecord = {
  schema: z.literal('ichor-outcome-1'),
  input: z.string().describe('What the user named.'),
  studyName: z.string().optional().describe("Study Instance UID, or the NIfTI file's path within the input."),
  studyKey: z
    .string()
    .describe('Tells whether two results are of one study: its UID, or where its file lies.'),
  recordedAt: z.iso.datetime(),
};

export const recordSchema = z.discriminatedUnion('outcome', [
  z.object({
    ...everyRecord,
    outcome: z.literal('predicted'),
    model: z.object({ name: z.string(), sha256: z.string() }),
    operatingPoint: z.number(),
  }),
  z.object({
    ...everyRecord,
    outcome: z.enum(['refused', 'failed']),
    code: z.string(),
    reason: z.string(),
    checks: z.array(checkSchema),
  }),
]);

/** The contents of outcome.json. */
export type StudyRecord = z.infer<typeof recordSchema>;
export type NotPredictedRecord = Exclude<StudyRecord, { outcome: 'predicted' }>;

/** Where a study came from, as its record keeps it. */
export interface StudyOrigin {
  readonly input: string;
  readonly studyKey: string;
  readonly recordedAt?: Date;
}

/** As tables call it. */
export const shownName = ({ studyInstanceUid, file, name }: StudyInfo): string =>
  studyInstanceUid ?? file ?? name;

const every = ({ input, studyKey, recordedAt = new Date() }: StudyOrigin, study: StudyInfo | undefined) => ({
  schema: 'ichor-outcome-1' as const,
  input,
  ...(study && { studyName: shownName(study) }),
  studyKey,
  recordedAt: recordedAt.toISOString(),
});

export function predictedRecord(origin: StudyOrigin, { study, prediction }: PredictedOutcome): StudyRecord {
  const { model, operatingPoint } = prediction;
  return { ...every(origin, study), outcome: 'predicted', model, operatingPoint };
}

export function notPredictedRecord(origin: StudyOrigin, outcome: NotPredicted): NotPredictedRecord {
  const { kind, study, code, reason } = outcome;
  const checks = outcome.kind === 'refused' ? outcome.checks : [];
  const told = { ...every(origin, study), outcome: kind, code, reason };
  return { ...told, checks: checks.map((check) => checkSchema.parse(check)) };
}

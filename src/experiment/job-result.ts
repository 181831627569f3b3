import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeFileWhole } from '../files/index.ts';

const marks = z.array(z.number());

/** What a finished job leaves: how its training ended, and what it says of the test scans. */
export const jobResultSchema = z.strictObject({
  schema: z.literal('ichor-experiment-job-1'),
  job: z.string(),
  startingWeights: z.string(),
  epochs: z.number().int(),
  /** From 1; 0 where the stage with frozen convolutions was not surpassed. */
  bestEpoch: z.number().int(),
  ended: z.enum(['patience', 'most-epochs']),
  scans: z.array(
    z.strictObject({
      study: z.string(),
      patient: z.string(),
      subject: marks,
      slices: z.array(marks).optional(),
      /** Absent in results of earlier versions, whose slices were all labelled. */
      sliceCount: z.number().int().optional(),
      reference: z.strictObject({ subject: marks, slices: z.array(marks) }),
    }),
  ),
  /** Scans without part in it, for their labels or their images; absent in results of earlier versions. */
  leftOut: z.array(z.strictObject({ study: z.string(), why: z.string() })).optional(),
});
export type JobResult = z.infer<typeof jobResultSchema>;

const fileOf = (folder: string): string => path.join(folder, 'result.json');

/** Undefined where the job is not finished. */
export async function readJobResult(folder: string): Promise<JobResult | undefined> {
  const file = fileOf(folder);
  return existsSync(file) ? jobResultSchema.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined;
}

export const writeJobResult = (folder: string, result: JobResult): Promise<void> =>
  writeFileWhole(fileOf(folder), `${JSON.stringify(result)}\n`);

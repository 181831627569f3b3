import { z } from 'zod';
import { TASK_NAMES } from '../../network/index.ts';

const task = z.enum(TASK_NAMES);

const scanEntrySchema = z.object({
  kind: z.literal('scan'),
  task,
  /** From 0. */
  epoch: z.number(),
  /** From 1, within the epoch. */
  scan: z.number(),
  loss: z.number(),
});

const epochEntrySchema = z.object({
  /** `frozen-epoch`: of the stage before the epochs, in which the convolutions stay as they are. */
  kind: z.enum(['epoch', 'frozen-epoch']),
  task,
  epoch: z.number(),
  trainingLoss: z.number(),
  validationLoss: z.number(),
  validationSubjectAuc: z.number().exactOptional(),
  rate: z.number(),
  /** The epoch whose weights are kept, or FROZEN_STAGE. */
  best: z.number(),
});
export type EpochEntry = Readonly<z.infer<typeof epochEntrySchema>>;

/** A line of log.jsonl. */
export const logEntrySchema = z.discriminatedUnion('kind', [scanEntrySchema, epochEntrySchema]);
export type LogEntry = Readonly<z.infer<typeof logEntrySchema>>;

/** A line of timing.jsonl. */
export const epochTimingSchema = z.object({
  task,
  epoch: z.number(),
  /** Of this process: a resumed epoch counts from where it went on. */
  seconds: z.number(),
  /** Share of the time in which the computing did not wait for scans to be loaded. */
  computeBusy: z.number(),
});
export type EpochTiming = Readonly<z.infer<typeof epochTimingSchema>>;

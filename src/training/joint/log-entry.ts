import type { TaskName } from '../../network/index.ts';

interface ScanEntry {
  readonly kind: 'scan';
  readonly task: TaskName;
  /** From 0. */
  readonly epoch: number;
  /** From 1, within the epoch. */
  readonly scan: number;
  readonly loss: number;
}

export interface EpochEntry {
  /** `frozen-epoch`: of the stage before the epochs, in which the convolutions stay as they are. */
  readonly kind: 'epoch' | 'frozen-epoch';
  readonly task: TaskName;
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly validationSubjectAuc?: number;
  readonly rate: number;
  /** The epoch whose weights are kept, or FROZEN_STAGE. */
  readonly best: number;
}

/** A line of log.jsonl. */
export type LogEntry = ScanEntry | EpochEntry;

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
  readonly kind: 'epoch';
  readonly task: TaskName;
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly validationSubjectAuc?: number;
  readonly rate: number;
  /** The epoch whose weights are kept, or FROZEN_STAGE. */
  readonly best: number;
}

/** Of the stage before the epochs, in which the convolutions stay as they are. */
export interface FrozenEpochEntry {
  readonly kind: 'frozen-epoch';
  readonly task: TaskName;
  /** From 0. */
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
}

/** A line of log.jsonl. */
export type LogEntry = ScanEntry | EpochEntry | FrozenEpochEntry;

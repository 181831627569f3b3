/** One step of a task that takes a while; a terminal draws it as a bar, a log as lines. */
export interface ProgressEvent {
  /** What is being done, in words a user reads: `reading files`. */
  readonly task: string;
  readonly done: number;
  /** Absent while it is not known. */
  readonly total?: number;
  readonly detail?: string;
}

export type ProgressListener = (event: ProgressEvent) => void;

import { IchorError, type ProgressListener, type Runtime } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import type { Preparation } from '../preparation.ts';
import type { RunLog } from './run-log.ts';
import type { TrainedNetworkForm } from './trained-network.ts';

/** What each stage of one network's training works with. */
export interface TrainingStage {
  readonly runtime: Runtime;
  /** The network, with its settings and its task. */
  readonly form: TrainedNetworkForm;
  readonly training: readonly LabelledStudy[];
  readonly validation: readonly LabelledStudy[];
  readonly preparation: Preparation;
  readonly log: RunLog;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

/** Throws IchorError `aborted` after the signal. */
export function refuseAborted({ signal }: Pick<TrainingStage, 'signal'>): void {
  if (!signal?.aborted) return;
  throw new IchorError(
    'aborted',
    'stopped; the same command goes on from the last checkpoint (ichor train: with --resume)',
  );
}

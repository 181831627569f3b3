import type { LabelledStudy } from '../../cohort/index.ts';
import { TASKS, type TaskName, type Weights } from '../../network/index.ts';
import { auc, isEmpty, rankScores } from '../../statistics/index.ts';
import type { Preparation } from '../preparation.ts';
import type { ScanStepper } from './scan-step.ts';
import { scansInOrder, targetFeeds } from './scans.ts';

export interface Validation {
  /** Mean over the scans. */
  readonly loss: number;
  /** Subject level, the mean over those outputs that have positives and negatives; absent where none has. */
  readonly subjectAuc?: number;
}

/** What the network says of the scans that are kept to say when to stop. */
export async function validate(
  judge: ScanStepper['judge'],
  weights: Weights,
  studies: readonly LabelledStudy[],
  preparation: Preparation,
  task: TaskName,
): Promise<Validation> {
  let lossSum = 0;
  const logits: Float32Array[] = [];
  const targets: ArrayLike<number>[] = [];
  for await (const scan of scansInOrder(studies, preparation)) {
    const feeds = targetFeeds(scan.study, task);
    const { loss, subjectLogits } = await judge(scan, weights, feeds);
    lossSum += loss;
    logits.push(subjectLogits);
    targets.push(feeds['targets/subject']?.data as Float32Array);
  }
  const aucs = TASKS[task].positives.flatMap((output) => {
    const value = auc(
      rankScores(
        logits.map((row) => row[output] as number),
        targets.map((row) => row[output] === 1),
      ),
    );
    return isEmpty(value) ? [] : [value.value];
  });
  const subjectAuc = aucs.reduce((a, b) => a + b, 0) / aucs.length;
  return { loss: lossSum / studies.length, ...(aucs.length > 0 && { subjectAuc }) };
}

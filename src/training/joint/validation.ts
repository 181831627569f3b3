import { at, floatsOf } from '../../base/index.ts';
import { TASKS, type TaskName } from '../../network/index.ts';
import { auc, isEmpty, rankScores } from '../../statistics/index.ts';
import { SUBJECT_TARGETS, type Tensors } from '../common/feeds.ts';
import type { Judgement } from './scan-step.ts';

export interface Validation {
  /** Mean over the scans. */
  readonly loss: number;
  /** Subject level, the mean over those outputs that have positives and negatives; absent where none has. */
  readonly subjectAuc?: number;
}

/** Over what the network says of the studies that are kept to say when to stop. */
export async function validate(
  judged: AsyncIterable<{ readonly targets: Tensors; readonly judgement: Judgement }>,
  task: TaskName,
): Promise<Validation> {
  let lossSum = 0;
  const logits: Float32Array[] = [];
  const targets: ArrayLike<number>[] = [];
  for await (const { targets: own, judgement } of judged) {
    lossSum += judgement.loss;
    logits.push(judgement.subjectLogits);
    targets.push(floatsOf(own, SUBJECT_TARGETS));
  }
  const aucs = TASKS[task].positives.flatMap((output) => {
    const value = auc(
      rankScores(
        logits.map((row) => at(row, output)),
        targets.map((row) => row[output] === 1),
      ),
    );
    return isEmpty(value) ? [] : [value.value];
  });
  const subjectAuc = aucs.reduce((a, b) => a + b, 0) / aucs.length;
  return { loss: lossSum / logits.length, ...(aucs.length > 0 && { subjectAuc }) };
}

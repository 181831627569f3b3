import type { EndedEpoch } from '../../training/index.ts';

/** What an epoch reached, in a line. */
export function epochLine(ended: EndedEpoch, mostEpochs: number): string {
  const { task, epoch, trainingLoss, validationLoss, validationSubjectAuc: auc, seconds } = ended;
  const figures = [
    `training loss ${trainingLoss.toFixed(4)}`,
    `validation loss ${validationLoss.toFixed(4)}`,
    ...(auc === undefined ? [] : [`validation AUC ${auc.toFixed(3)}`]),
    `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`,
  ];
  return `${task}, epoch ${epoch + 1} of at most ${mostEpochs}: ${figures.join(', ')}`;
}

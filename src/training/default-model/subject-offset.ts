import { fitLogistic, isEmpty } from '../../statistics/index.ts';
import type { FoldFile } from './figures-of-folds.ts';

/**
 * What is still to be added to the subject's logit so that it is 0 where hemorrhage is as likely as not, by logistic
 * regression on the transformed copies that runs were not trained on; undefined where no line fits.
 */
export function missingOffset(files: readonly FoldFile[]): number | undefined {
  const unseen = files.flatMap(({ predictions }) => predictions.filter(({ form }) => form === 'transformed'));
  const fit = fitLogistic(
    unseen.map(({ twoType }) => twoType.subject),
    unseen.map(({ targets }) => (targets.some(([any]) => any === 1) ? 1 : 0)),
  );
  return isEmpty(fit) || fit.slope <= 0 ? undefined : fit.intercept / fit.slope;
}

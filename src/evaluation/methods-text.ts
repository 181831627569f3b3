import { describeRule } from '../statistics/index.ts';
import type { Opinions } from './opinions.ts';
import type { EvaluationOptions } from './options.ts';
import type { Judged } from './performance-tables.ts';

const METHOD_TEXTS: Readonly<Record<string, string>> = {
  Wilson: "Wilson's score intervals (1927) for proportions, with Clopper and Pearson's (1934) beside them",
  DeLong: "DeLong's intervals (1988; Sun and Xu's algorithm, 2014) for AUCs of independent rows",
  Obuchowski: "Obuchowski's clustered intervals (1997) for AUCs of rows that patients share",
  Simel: "Simel's logarithmic intervals (1991) for likelihood ratios",
  'patient bootstrap': 'percentile intervals of resampled patients',
  Wald: 'Wald intervals for calibration slope and intercept',
  'Wald, by patient':
    'Wald intervals with a sandwich variance by patient for calibration slope and intercept',
};

/** A paragraph that states exactly what was computed; nothing that was not. */
export function methodsParagraph(
  opinions: Opinions,
  model: string,
  options: EvaluationOptions,
  judged: readonly Judged[],
): string {
  const used = new Set(judged.flatMap((one) => Object.values(one.performance.measures).map((m) => m.method)));
  const intervals = [...used].map((method) => METHOD_TEXTS[method]).filter(Boolean);
  const chosen = opinions.studies.some((study) => study.set === options.chooseOn);
  const percent = `${(100 * options.confidence).toFixed(0)}%`;
  const sentences = [
    `Performance was computed on set ${options.reportOn} for ${[...opinions.models, ...opinions.readers].join(', ')}.`,
    'Any hemorrhage was judged on all subjects and slices; each subtype on the subjects that have a hemorrhage by the reference standard and on all their slices, without gating by the first classification. The gated cascade was judged apart, on all subjects.',
    `A probability of at least ${options.threshold} was counted as positive.`,
    `Intervals are ${percent} intervals: ${intervals.join('; ')}.`,
    `${options.replicates} replicates of patients drawn with replacement were used (seed ${options.seed}); replicates in which a measure is undefined were left out of it.`,
    'The AUC is the Mann-Whitney statistic with ties counting half; average precision is summed without interpolation; F1 is the harmonic mean of PPV and sensitivity; likelihood ratios are ratios of the rates.',
    'Calibration slope and intercept are those of a logistic regression of the reference on the logit of the probability.',
    chosen
      ? `Operating points were chosen on set ${options.chooseOn} (${options.rules.map(describeRule).join('; ')}) and applied unchanged to set ${options.reportOn}; temperature and Platt scaling were fitted on set ${options.chooseOn}.`
      : `No operating point was chosen from the data: there is no set ${options.chooseOn}.`,
    ...readerSentences(opinions, model),
    'Tests are two-sided and not corrected for their number.',
  ];
  return sentences.join(' ');
}

function readerSentences(opinions: Opinions, model: string): string[] {
  if (opinions.readers.length === 0) return [];
  return [
    `Readers gave one decision a case: their area is (sensitivity + specificity) / 2 and is not compared with the AUC of probabilities. ${model} was compared with each reader by its sensitivity at the reader's specificity and by exact McNemar tests at its threshold, and with all readers by the method of Obuchowski and Rockette (1995) with Hillis's degrees of freedom (2007), for random and for fixed readers.`,
    "Agreement is given as percent, Cohen's kappa (variance of Fleiss, Cohen and Everitt, 1969) and Fleiss' kappa (variance of Gwet, 2021).",
  ];
}

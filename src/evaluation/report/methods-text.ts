import { LOGIT_MARGIN } from '../../base/index.ts';
import { describeRule, LOG_LOSS_MARGIN } from '../../statistics/index.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { type EvaluationOptions, NO_MODEL } from '../options.ts';
import { type Judged, methodsUsed, PREDICTIVE_INTERVALS } from '../tables/performance-tables.ts';

const METHOD_TEXTS: Readonly<Record<string, string>> = {
  Wilson: "Wilson's score intervals (1927) for proportions, with Clopper and Pearson's (1934) beside them",
  'Wilson, on patients':
    "for proportions of 0 or 1 on rows that patients share, Wilson's interval with each patient as one trial",
  DeLong:
    "intervals on the logit scale (Pepe 2003) with DeLong's variance (1988; Sun and Xu's algorithm, 2014) for AUCs of independent rows",
  Obuchowski:
    "intervals on the logit scale (Pepe 2003) with Obuchowski's clustered variance (1997) for AUCs of rows that patients share",
  Simel: "Simel's logarithmic intervals (1991) for likelihood ratios",
  'patient bootstrap':
    'intervals on the logit scale, of log loss and likelihood ratios on the log scale, with the standard deviation of resampled patients and t',
  'percentiles of patients': 'percentile intervals of resampled patients for F1',
  Wald: 'Wald intervals for calibration slope and intercept',
  'Wald, by patient':
    'Wald intervals with a sandwich variance by patient for calibration slope and intercept',
};

/** A paragraph that states exactly what was computed; nothing that was not. @param tables ids of those in the report */
export function methodsParagraph(
  opinions: Opinions,
  model: string,
  options: EvaluationOptions,
  judged: readonly Judged[],
  tables: ReadonlySet<string>,
): string {
  const sentences = [
    `Performance was computed on set ${options.reportOn} for ${[...new Set(judged.map(({ source }) => source))].join(', ')}.`,
    ...populationSentences(judged, tables),
    ...(model === NO_MODEL
      ? []
      : [`A probability of at least ${options.threshold} was counted as positive.`]),
    ...intervalSentences(options, judged),
    'The AUC is the Mann-Whitney statistic with ties counting half; average precision is summed without interpolation; F1 is the harmonic mean of PPV and sensitivity; likelihood ratios are ratios of the rates.',
    ...(judged.some((one) => !one.decisionsOnly) ? [PROBABILITIES] : []),
    ...(model === NO_MODEL ? [] : operatingSentences(options, tables)),
    ...(tables.has('folds')
      ? [
          "AUCs of a cross-validation were pooled out of fold, patients resampled, with the folds' own beside them.",
        ]
      : []),
    ...readerSentences(model, tables),
    ...cohortSentences(opinions, tables),
    ...(hasCovariates(opinions) || TESTED.some((table) => tables.has(table))
      ? ['Tests are two-sided and not corrected for their number, but where a column says so.']
      : []),
  ];
  return sentences.join(' ');
}

const PROBABILITIES = `Calibration slope and intercept are those of a logistic regression of the reference on the logit of the probability, taken no closer to 0 or 1 than ${LOGIT_MARGIN}; the log loss takes probabilities no closer to 0 or 1 than ${LOG_LOSS_MARGIN}.`;

/** Tables that have p values whatever the input. */
const TESTED = ['aid', 'model-and-readers', 'model-against-all-readers', 'model-pairs'];

function populationSentences(judged: readonly Judged[], tables: ReadonlySet<string>): string[] {
  const levels = ['subject', 'slice'].filter((level) => judged.some((one) => one.level === level));
  const where = levels.map((level) => `${level}s`).join(' and ');
  const subtypes = judged.some((one) => one.className !== 'anyHemorrhage');
  const whose = levels.includes('slice') ? ', at slice level on all their slices' : '';
  return [
    `Any hemorrhage was judged on all ${where}.`,
    ...(subtypes
      ? [
          `Each subtype was judged on the subjects that have a hemorrhage by the reference standard${whose}, without gating by the first classification.`,
        ]
      : []),
    ...(tables.has('cascade-subject-level') ? ['The gated cascade was judged apart, on all subjects.'] : []),
  ];
}

function intervalSentences(options: EvaluationOptions, judged: readonly Judged[]): string[] {
  const used = methodsUsed(judged);
  const intervals = [...used].map((method) => METHOD_TEXTS[method]).filter(Boolean);
  const percent = `${Number((100 * options.confidence).toPrecision(4))}%`;
  const bands = judged.some((one) => one.performance.band.length > 0);
  const resamples =
    options.replicates === 0
      ? 'Patients were not resampled: measures that need it stand without an interval.'
      : `${options.replicates} replicates of patients drawn with replacement were used (seed ${options.seed}); replicates in which a measure is undefined were left out of it, and where they are more than a tenth there is no interval.`;
  return [
    `Intervals are ${percent} intervals: ${intervals.join('; ')}.`,
    resamples,
    ...(bands
      ? [
          'Bands of ROC curves are pointwise percentile intervals of the sensitivity in resampled patients (at least 200 resamples where rows are many).',
        ]
      : []),
  ];
}

function operatingSentences(options: EvaluationOptions, tables: ReadonlySet<string>): string[] {
  const { chooseOn, reportOn, rules } = options;
  if (!tables.has('operating-points')) {
    return [
      `No operating point was chosen from the data: on no subject of a set ${chooseOn} the model says something.`,
    ];
  }
  const chosen = `Operating points were chosen on set ${chooseOn} (${rules.map(describeRule).join('; ')})`;
  return [
    chooseOn === reportOn
      ? `${chosen} and reported on the same set, as were temperature and Platt scaling: these figures are optimistic.`
      : `${chosen} and applied unchanged to set ${reportOn}; temperature and Platt scaling were fitted on set ${chooseOn}.`,
  ];
}

/** What is said only where its table is there. */
const TABLE_TEXTS: readonly (readonly [table: string, text: (model: string) => string])[] = [
  [
    'model-and-readers',
    (model) =>
      `Readers gave one decision a case: their area is (sensitivity + specificity) / 2 and is not compared with the AUC of probabilities. ${model} was compared with each reader by its sensitivity at the reader's specificity (difference with the interval of a Bayesian bootstrap of patients, Rubin 1981) and, at its threshold, by exact McNemar tests with Newcombe's intervals (1998), or by patient (Obuchowski 1998) where patients have several studies.`,
  ],
  [
    'model-against-all-readers',
    (model) =>
      `${model} was compared with all readers by the method of Obuchowski and Rockette (1995) with Hillis's degrees of freedom (2007), for random and for fixed readers.`,
  ],
  [
    'aid',
    () =>
      "Readers with and without help were compared by Obuchowski and Rockette's analysis of readers and treatments (1995) with Hillis's degrees of freedom (2007), for random and for fixed readers, with its variance components.",
  ],
  [
    'model-pairs',
    () =>
      "AUCs of models were compared by DeLong's paired test, or by Obuchowski's (1997) where patients have several rows.",
  ],
  [
    'agreement',
    () =>
      "Agreement is given as percent, Cohen's kappa (variance of Fleiss, Cohen and Everitt, 1969) and Fleiss' kappa (variance of Gwet, 2021); where patients have several rows, variances are by patient.",
  ],
];

function readerSentences(model: string, tables: ReadonlySet<string>): string[] {
  return TABLE_TEXTS.filter(([table]) => tables.has(table)).map(([, text]) => text(model));
}

const hasCovariates = ({ studies }: Opinions): boolean =>
  studies.some(({ covariates }) => Object.keys(covariates).length > 0);

const COVARIATES =
  "Covariates of studies without and with hemorrhage were compared by one-way analysis of variance (numbers) and Pearson's chi-squared test (categories; Yates's correction in two by two tables).";

function cohortSentences(opinions: Opinions, tables: ReadonlySet<string>): string[] {
  return [
    ...(hasCovariates(opinions) ? [COVARIATES] : []),
    ...(tables.has('prevalence')
      ? [`Predictive values at other prevalences follow from Bayes' rule; ${PREDICTIVE_INTERVALS}.`]
      : []),
    ...(tables.has('triage')
      ? ['The saving of a worklist order was simulated as a queue with one reader.']
      : []),
  ];
}

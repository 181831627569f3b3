import { HEMORRHAGE_CLASSES } from '../../base/index.ts';
import { isEmpty, type Measurement } from '../../statistics/index.ts';
import type { JudgedRows, Measured, MeasureName, Performance } from '../measures/measures.ts';
import type { ClassName } from '../opinions/opinion-row.ts';
import type { Level } from '../opinions/opinions.ts';
import { type Cell, type Table, toFourDigits } from './table.ts';

/** One source's performance on one class and level. */
export interface Judged {
  readonly source: string;
  readonly className: ClassName;
  readonly level: Level;
  readonly population: string;
  /** A reader's decisions, not probabilities. */
  readonly decisionsOnly: boolean;
  /** What the reader was helped by. */
  readonly aid?: string;
  /** From which probability on it calls positive; absent for a reader, who decides. */
  readonly calledFrom?: number;
  /** What it was judged on: figures are drawn of the same. */
  readonly rows: JudgedRows;
  readonly performance: Performance;
}

const LABELS: Readonly<Record<string, string>> = Object.fromEntries(
  HEMORRHAGE_CLASSES.map((c) => [c.name, c.name === 'anyHemorrhage' ? 'Any hemorrhage' : capital(c.name)]),
);

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A class in words. */
export function classLabel(className: string): string {
  return LABELS[className] ?? className;
}

/** A measure of a performance, or why there is none. */
export function measureOf(judged: Judged, name: MeasureName): Measurement {
  const found: Measured | undefined = judged.performance.measures[name];
  return found ?? { empty: judged.decisionsOnly ? 'decisions only' : 'not computed' };
}

type Column = readonly [label: string, (judged: Judged) => Cell];

const measure = (label: string, name: MeasureName): Column => [label, (judged) => measureOf(judged, name)];

const HEAD: readonly Column[] = [
  ['Class', (j) => classLabel(j.className)],
  ['Source', (j) => j.source],
];

/** The paper's columns (Table 3); a reader's one-threshold figure stands under its own name. */
const MAIN: readonly Column[] = [
  ...HEAD,
  ['Rows', (j) => j.performance.rows],
  ['Positive', (j) => j.performance.positives],
  measure('Accuracy', 'accuracy'),
  measure('Sensitivity', 'sensitivity'),
  measure('Specificity', 'specificity'),
  measure('F1', 'f1'),
  measure('AUC', 'auc'),
  measure('One-threshold AUC', 'oneThresholdAuc'),
];

const FURTHER: readonly Column[] = [
  ...HEAD,
  measure('PPV', 'ppv'),
  measure('NPV', 'npv'),
  measure('LR+', 'positiveLikelihoodRatio'),
  measure('LR\u2013', 'negativeLikelihoodRatio'),
  measure('Average precision', 'averagePrecision'),
];

const PROBABILITIES: readonly Column[] = [
  ...HEAD,
  measure('Brier score', 'brier'),
  measure('Log loss', 'logLoss'),
  measure('Calibration slope', 'calibrationSlope'),
  measure('Calibration intercept', 'calibrationIntercept'),
  measure('Calibration in the large', 'calibrationInTheLarge'),
  ['AUC, patient bootstrap', (j) => j.performance.bootstrapAuc ?? { empty: 'not resampled' }],
  ['AUC, normal interval', (j) => j.performance.plainAuc ?? { empty: 'not computed' }],
];

const COUNTS: readonly Column[] = [
  ...HEAD,
  ['Threshold', (j) => (j.calledFrom === undefined ? 'decisions' : toFourDigits(j.calledFrom))],
  ['True positive', (j) => j.performance.confusion.truePositives],
  ['False positive', (j) => j.performance.confusion.falsePositives],
  ['True negative', (j) => j.performance.confusion.trueNegatives],
  ['False negative', (j) => j.performance.confusion.falseNegatives],
];

function table(
  id: string,
  title: string,
  columns: readonly Column[],
  judged: readonly Judged[],
  notes: readonly string[],
): Table {
  return {
    id,
    title,
    columns: columns.map(([label]) => label),
    rows: judged.map((one) => columns.map(([, cell]) => cell(one))),
    notes,
  };
}

/** The tables of one level. @param ofProbabilities notes under the table of probabilities */
export function performanceTables(
  judged: readonly Judged[],
  level: Level,
  ofProbabilities: readonly string[] = [],
): Table[] {
  const own = judged.filter((one) => one.level === level);
  if (own.length === 0) return [];
  const models = own.filter((one) => !one.decisionsOnly);
  const populations = [...new Set(own.map((one) => `${classLabel(one.className)}: ${one.population}`))].join(
    '; ',
  );
  const methods = [...methodsUsed(own)];
  const notes = [
    `Populations. ${populations}.`,
    `Intervals: ${methods.join(', ')}.`,
    'The one-threshold AUC is (sensitivity + specificity) / 2. It is not to be ranked against the AUC of probabilities.',
  ];
  return [
    table(`${level}-level`, `${capital(level)}-level performance`, MAIN, own, notes),
    table(
      `${level}-level-predictive`,
      `${capital(level)}-level predictive values and likelihood ratios`,
      FURTHER,
      own,
      amongBleeding(own),
    ),
    ...(models.length === 0
      ? []
      : [
          table(
            `${level}-level-probabilities`,
            `${capital(level)}-level quality of probabilities`,
            PROBABILITIES,
            models,
            ofProbabilities,
          ),
        ]),
    table(`${level}-level-confusion`, `${capital(level)}-level confusion matrices`, COUNTS, own, []),
  ];
}

/** Whom predictive values of subtypes speak of. */
export const AMONG_BLEEDING = 'Predictive values of subtypes hold among subjects with hemorrhage.';
const amongBleeding = (judged: readonly Judged[]): string[] =>
  judged.some(({ className }) => className !== 'anyHemorrhage') ? [AMONG_BLEEDING] : [];

/** How the intervals of the measures that have a value were made. */
export const methodsUsed = (judged: readonly Judged[]): ReadonlySet<Measured['method']> =>
  new Set(
    judged.flatMap(({ performance }) =>
      Object.values(performance.measures).flatMap((one) => (isEmpty(one) ? [] : [one.method])),
    ),
  );

/** Of predictive values at a prevalence. */
export const PREDICTIVE_INTERVALS =
  'intervals on the logit scale (Mercaldo 2007) where each patient of a class has one row, else on the logit scale with the standard deviation of resampled patients';

const RATE_LABELS = {
  accuracy: 'Accuracy',
  sensitivity: 'Sensitivity',
  specificity: 'Specificity',
  ppv: 'PPV',
  npv: 'NPV',
} as const;

/** Clopper and Pearson's intervals beside Wilson's, where rows are independent. */
export function exactTable(judged: readonly Judged[]): Table[] {
  const own = judged.filter((one) => Object.keys(one.performance.exact).length > 0);
  if (own.length === 0) return [];
  const rates = ['accuracy', 'sensitivity', 'specificity', 'ppv', 'npv'] as const;
  const columns: Column[] = [
    ...HEAD,
    ...rates.map(
      (rate): Column => [
        RATE_LABELS[rate],
        (j) => j.performance.exact[rate] ?? { empty: 'rows are clustered' },
      ],
    ),
  ];
  return [table('exact-intervals', 'Exact (Clopper-Pearson) intervals', columns, own, [])];
}

/** PPV and NPV at stated prevalences. */
export function prevalenceTable(judged: readonly Judged[]): Table[] {
  const own = judged.filter((one) => one.level === 'subject' && !one.decisionsOnly);
  const rows = own.flatMap((one) =>
    one.performance.predictive.map(({ prevalence, ppv, npv }): Cell[] => [
      classLabel(one.className),
      one.source,
      `${Number((100 * prevalence).toPrecision(3))}%`,
      ppv,
      npv,
    ]),
  );
  if (rows.length === 0) return [];
  return [
    {
      id: 'prevalence',
      title: 'Predictive values at other prevalences',
      columns: ['Class', 'Source', 'Prevalence', 'PPV', 'NPV'],
      rows,
      notes: [
        `Bayes' rule from the sensitivity and specificity found; ${PREDICTIVE_INTERVALS}.`,
        ...amongBleeding(own),
      ],
    },
  ];
}

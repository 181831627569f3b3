import { HEMORRHAGE_CLASSES, HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageName } from '../base/index.ts';
import { type Cell, judge, type Performance, type Table } from '../evaluation/index.ts';
import type { TaskName } from '../network/index.ts';
import { auc, isEmpty, numberClusters, rankScores } from '../statistics/index.ts';
import type { JobResult } from './job-result.ts';
import { EXPERIMENT_ROWS, type ExperimentRow, jobId } from './jobs.ts';
import { PAPER_TABLES } from './paper-tables.ts';

export type ExperimentLevel = 'subject' | 'slice';
type Results = ReadonlyMap<string, JobResult>;

interface ExperimentClass {
  readonly name: HemorrhageName;
  /** As the paper's tables print it. */
  readonly label: string;
  readonly task: TaskName;
  /** Among the task's probabilities, and among HEMORRHAGE_CLASSES. */
  readonly output: number;
  readonly mark: number;
}

const PAPER_LABELS: Readonly<Record<HemorrhageName, string>> = {
  anyHemorrhage: 'ICH',
  intraparenchymal: 'CPH',
  subarachnoid: 'SAH',
  epidural: 'EDH',
  subdural: 'SDH',
  intraventricular: 'IVH',
};

const SUBTYPES: readonly HemorrhageName[] = HEMORRHAGE_SUBTYPE_NAMES;

/** In the order of the paper's tables. */
export const EXPERIMENT_CLASSES: readonly ExperimentClass[] = Object.entries(PAPER_LABELS).map(
  ([key, label]) => {
    const name = key as HemorrhageName;
    const subtype = SUBTYPES.indexOf(name);
    const mark = HEMORRHAGE_CLASSES.findIndex((c) => c.name === name);
    return { name, label, mark, task: subtype < 0 ? 'twoType' : 'fiveType', output: Math.max(0, subtype) };
  },
);

/** Fewer positive patients give no rate that is worth printing. */
const FEWEST_POSITIVE_PATIENTS = 10;
const REPLICATES = 1000;
const RATES = ['accuracy', 'sensitivity', 'specificity', 'f1', 'auc', 'oneThresholdAuc'] as const;

/** One class of one row at one level, as measured on the test scans. */
export interface ExperimentFigure {
  readonly row: ExperimentRow;
  readonly class: ExperimentClass;
  /** How its training went, in signs: see SIGNS. */
  readonly signs: string;
  readonly performance: Performance;
  readonly positivePatients: number;
  readonly values: Float64Array;
  readonly positive: Uint8Array;
  /** What can be said without seeing a pixel: a subject's number of slices, a slice's nearness to the middle. */
  readonly unseen: Float64Array;
}

/** Every class and row that has a finished job, and says something at this level. */
export function experimentFigures(results: Results, level: ExperimentLevel): ExperimentFigure[] {
  return EXPERIMENT_CLASSES.flatMap((c) =>
    EXPERIMENT_ROWS.flatMap((row) => {
      const result = results.get(jobId(row.id, c.task));
      const figure = result && figureOf(result, row, c, level);
      return figure === undefined ? [] : [figure];
    }),
  );
}

function figureOf(
  result: JobResult,
  row: ExperimentRow,
  c: ExperimentClass,
  level: ExperimentLevel,
): ExperimentFigure | undefined {
  const judged = result.scans.flatMap(({ patient, subject, slices, reference }) =>
    level === 'subject'
      ? [
          {
            patient,
            value: subject[c.output],
            truth: reference.subject[c.mark],
            unseen: reference.slices.length,
          },
        ]
      : (slices ?? []).map((values, i, all) => ({
          patient,
          value: values[c.output],
          truth: reference.slices[i]?.[c.mark],
          unseen: -Math.abs(i - (all.length - 1) / 2) / all.length,
        })),
  );
  if (judged.length === 0) return undefined;
  const values = Float64Array.from(judged, ({ value }) => value as number);
  const positive = Uint8Array.from(judged, ({ truth }) => truth as number);
  const unseen = Float64Array.from(judged, (one) => one.unseen);
  const { cluster, count } = numberClusters(judged.map(({ patient }) => patient));
  const performance = judge(
    { values, positive, patients: cluster, patientCount: count },
    { threshold: 0.5, confidence: 0.95, replicates: REPLICATES, seed: 2019 },
  );
  const positivePatients = new Set(cluster.filter((_, i) => positive[i] === 1)).size;
  return { row, class: c, signs: signsOf(result), performance, positivePatients, values, positive, unseen };
}

const TITLES: Readonly<Record<ExperimentLevel, string>> = {
  subject: 'Subjects, as in supplementary Table 3',
  slice: 'Slices, as in supplementary Table 4',
};

/** One of the paper's two tables from our figures, the paper's own beside. */
export function experimentTable(figures: readonly ExperimentFigure[], level: ExperimentLevel): Table {
  return {
    id: `${level}-level`,
    title: TITLES[level],
    columns: [
      'Class',
      'Network',
      'Positive : negative',
      'Accuracy',
      'Sensitivity',
      'Specificity',
      'F1',
      'AUC',
      '(Sensitivity + specificity) / 2',
      'Paper: accuracy, sensitivity, specificity, F1, AUC',
    ],
    rows: figures.map((figure) => [
      figure.class.label,
      `${figure.row.label}${figure.signs}`,
      `${figure.performance.positives} : ${figure.performance.negatives}`,
      ...measuresOf(figure),
      printedOf(figure, level),
    ]),
    notes: [
      SIGNS,
      ...unseenNote(figures, level),
      'Positive from a probability of 0.5 on; 95 % intervals, patients resampled where they have several rows.',
      'Subtypes on the subjects with hemorrhage by the reference, and all their slices.',
      ...(level === 'subject' ? [BY_SLICE_NOTE] : []),
      `Fewer than ${FEWEST_POSITIVE_PATIENTS} positive patients: counts only. CPH is the paper's name for intraparenchymal hemorrhage.`,
      "The paper's figures are of other patients, of networks that started from ImageNet: they are no yardstick for ours.",
    ],
  };
}

/** An AUC that is no better than this shows nothing of what a network sees. */
function unseenNote(figures: readonly ExperimentFigure[], level: ExperimentLevel): string[] {
  const ofClasses = EXPERIMENT_CLASSES.flatMap(({ name, label }) => {
    const figure = figures.find((f) => f.class.name === name);
    if (figure === undefined || figure.positivePatients < FEWEST_POSITIVE_PATIENTS) return [];
    const area = auc(rankScores(figure.unseen, figure.positive));
    return isEmpty(area) ? [] : [`${label} ${area.value.toFixed(2)}`];
  });
  const by = level === 'subject' ? 'the number of slices' : "a slice's nearness to the middle of its scan";
  return ofClasses.length === 0 ? [] : [`AUC of ${by} alone, no pixel seen: ${ofClasses.join(', ')}.`];
}

/** What a row's name is followed by where its training was no whole one. */
const SIGNS = '*: cut at the epoch cap before its patience ended. §: from scratch, without ImageNet weights.';
const signsOf = ({ ended, startingWeights }: JobResult): string =>
  `${ended === 'most-epochs' ? ' *' : ''}${startingWeights === 'from scratch' ? ' §' : ''}`;

const BY_SLICE_NOTE =
  'Of the 2-D networks a subject is positive as soon as one slice is: their AUC here is that of the maximum over the slices, while the paper prints (sensitivity + specificity) / 2 as their AUC.';

function measuresOf({ performance, positivePatients }: ExperimentFigure): Cell[] {
  const { positives, rows, measures } = performance;
  if (positivePatients < FEWEST_POSITIVE_PATIENTS)
    return RATES.map((_, i) => (i === 0 ? `counts only: ${positives} of ${rows}` : ''));
  return RATES.map((name) => measures[name] ?? { empty: 'not defined' });
}

function printedOf({ row, class: c }: ExperimentFigure, level: ExperimentLevel): string {
  const found = PAPER_TABLES[level].find((p) => p.className === c.label && p.network === row.label);
  return found ? found.printed.map((value) => value.toFixed(2)).join('  ') : '';
}

const ENDED = {
  patience: 'its patience ended',
  'most-epochs': 'cut at the epoch cap before its patience ended',
} as const;

/** How each training went. */
export function trainingTable(results: Results): Table {
  return {
    id: 'trainings',
    title: 'Trainings',
    columns: ['Job', 'Network', 'Epochs', 'Best epoch', 'Ended', 'Convolutions start'],
    rows: EXPERIMENT_ROWS.flatMap((row) =>
      (['twoType', 'fiveType'] as const).flatMap((task) => {
        const result = results.get(jobId(row.id, task));
        if (result === undefined) return [];
        const { job, epochs, bestEpoch, ended, startingWeights } = result;
        return [[job, row.label, epochs, bestEpoch, ENDED[ended], startingWeights]];
      }),
    ),
    notes: [
      'twoType: hemorrhage or none, trained on all subjects. fiveType: subtypes, trained on those with hemorrhage.',
    ],
  };
}

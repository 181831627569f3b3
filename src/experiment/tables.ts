import type { Cell, Table } from '../evaluation/index.ts';
import { TASK_NAMES } from '../network/index.ts';
import { auc, isEmpty, rankScores } from '../statistics/index.ts';
import {
  EXPERIMENT_CLASSES,
  type ExperimentFigure,
  type ExperimentLevel,
  type ExperimentResults,
  SIGNS,
} from './experiment-figures.ts';
import { EXPERIMENT_ROWS, experimentJobs, jobId } from './jobs.ts';
import { PAPER_TABLES } from './paper-tables.ts';

/** Fewer positive patients give no rate that is worth printing. */
export const FEWEST_POSITIVE_PATIENTS = 10;
const RATES = ['accuracy', 'sensitivity', 'specificity', 'f1', 'auc', 'oneThresholdAuc'] as const;

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
      `Fewer than ${FEWEST_POSITIVE_PATIENTS} positive patients: counts only. IPH: intraparenchymal hemorrhage, the paper's CPH.`,
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

const BY_SLICE_NOTE =
  'Of the 2-D networks a subject is positive as soon as one slice is: their AUC here is that of the maximum over the slices, while the paper prints (sensitivity + specificity) / 2 as their AUC.';

function measuresOf({ performance, positivePatients }: ExperimentFigure): Cell[] {
  const { positives, rows, measures } = performance;
  if (positivePatients < FEWEST_POSITIVE_PATIENTS)
    return RATES.map((_, i) => (i === 0 ? `counts only: ${positives} of ${rows}` : ''));
  return RATES.map((name) => measures[name] ?? { empty: 'not defined' });
}

function printedOf({ row, class: c }: ExperimentFigure, level: ExperimentLevel): string {
  const found = PAPER_TABLES[level].find((p) => p.className === c.paperLabel && p.network === row.label);
  return found ? found.printed.map((value) => value.toFixed(2)).join('  ') : '';
}

const ENDED = {
  patience: 'its patience ended',
  'most-epochs': 'cut at the epoch cap before its patience ended',
} as const;

/** How each training went. */
export function trainingTable(results: ExperimentResults): Table {
  return {
    id: 'trainings',
    title: 'Trainings',
    columns: ['Job', 'Network', 'Epochs', 'Best epoch', 'Ended', 'Convolutions start'],
    rows: EXPERIMENT_ROWS.flatMap((row) =>
      TASK_NAMES.flatMap((task) => {
        const result = results.get(jobId(row.id, task));
        if (result === undefined) return [];
        const { job, epochs, bestEpoch, ended, startingWeights } = result;
        return [[job, row.label, epochs, bestEpoch, ENDED[ended], startingWeights]];
      }),
    ),
    notes: [
      missingNote(results),
      ...([...results.values()].some(({ bestEpoch }) => bestEpoch === 0)
        ? [
            'Best epoch 0: no epoch went below the validation loss of the stage before them, with frozen convolutions.',
          ]
        : []),
      'twoType: hemorrhage or none, trained on all subjects. fiveType: subtypes, trained on those with hemorrhage.',
    ],
  };
}

function missingNote(results: ExperimentResults): string {
  const jobs = experimentJobs(TASK_NAMES).map(({ id }) => id);
  const missing = jobs.filter((id) => !results.has(id));
  const told = missing.length === 0 ? '' : ` Not finished, and so in no table: ${missing.join(', ')}.`;
  return `${jobs.length - missing.length} of ${jobs.length} trainings finished.${told}`;
}

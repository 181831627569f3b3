import { at, HEMORRHAGE_CLASSES, HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageName } from '../base/index.ts';
import { judge, type Performance } from '../evaluation/index.ts';
import type { TaskName } from '../network/index.ts';
import { numberClusters } from '../statistics/index.ts';
import { FROM_SCRATCH } from '../training/index.ts';
import type { JobResult } from './job-result.ts';
import { EXPERIMENT_ROWS, type ExperimentRow, jobId } from './jobs.ts';

export type ExperimentLevel = 'subject' | 'slice';
export type ExperimentResults = ReadonlyMap<string, JobResult>;

export interface ExperimentClass {
  readonly name: HemorrhageName;
  readonly label: string;
  /** As the paper's tables print it. */
  readonly paperLabel: string;
  readonly task: TaskName;
  /** Among the task's probabilities, and among HEMORRHAGE_CLASSES. */
  readonly output: number;
  readonly mark: number;
}

const PAPER_ORDER: readonly HemorrhageName[] = [
  'anyHemorrhage',
  'intraparenchymal',
  'subarachnoid',
  'epidural',
  'subdural',
  'intraventricular',
];

const SUBTYPES: readonly HemorrhageName[] = HEMORRHAGE_SUBTYPE_NAMES;

/** In the order of the paper's tables. */
export const EXPERIMENT_CLASSES: readonly ExperimentClass[] = PAPER_ORDER.map((name) => {
  const subtype = SUBTYPES.indexOf(name);
  const mark = HEMORRHAGE_CLASSES.findIndex((c) => c.name === name);
  const { abbreviation: label, paperAbbreviation: paperLabel } = at(HEMORRHAGE_CLASSES, mark);
  return {
    name,
    label,
    paperLabel,
    mark,
    task: subtype < 0 ? 'twoType' : 'fiveType',
    output: Math.max(0, subtype),
  };
});

const REPLICATES = 1000;

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
export function experimentFigures(results: ExperimentResults, level: ExperimentLevel): ExperimentFigure[] {
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
  const judged = result.scans.flatMap(({ patient, subject, slices, sliceCount, reference }) =>
    level === 'subject'
      ? [
          {
            patient,
            value: subject[c.output],
            truth: reference.subject[c.mark],
            unseen: sliceCount ?? reference.slices.length,
          },
        ]
      : (reference.slices.length > 0 ? (slices ?? []) : []).map((values, i, all) => ({
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
  return {
    row,
    class: c,
    signs: signsOf(result, row),
    performance,
    positivePatients,
    values,
    positive,
    unseen,
  };
}

/** What a row's name is followed by where its training was no whole one, or not the paper's. */
export const SIGNS =
  '*: cut at the epoch cap before its patience ended. §: from scratch, without ImageNet weights. ‡: from the convolutions of its two-type network, which started from scratch. + pw: from the row named 2D VGG16, whatever that started from.';
function signsOf({ ended, startingWeights }: JobResult, { startsFrom }: ExperimentRow): string {
  const cut = ended === 'most-epochs' ? ' *' : '';
  if (startingWeights === FROM_SCRATCH) return `${cut} §`;
  return startsFrom === undefined && startingWeights.startsWith('convolutions') ? `${cut} ‡` : cut;
}

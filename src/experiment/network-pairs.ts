import { at } from '../base/index.ts';
import { collectOpinions, modelPairs, type OpinionRow, type Table } from '../evaluation/index.ts';
import type { ExperimentClass, ExperimentFigure, ExperimentResults } from './experiment-figures.ts';
import { EXPERIMENT_ROWS, type ExperimentRow, jobId } from './jobs.ts';
import { FEWEST_POSITIVE_PATIENTS } from './tables.ts';

/** The paper's proposed network, which the others are held against. */
const HELD_AGAINST = at(EXPERIMENT_ROWS, 0);

/** The first network's AUC against each other's on the same scans: intervals that overlap do not answer that. */
export function networkPairs(figures: readonly ExperimentFigure[], results: ExperimentResults): Table[] {
  const judged = figures.filter(({ positivePatients }) => positivePatients >= FEWEST_POSITIVE_PATIENTS);
  const rows = [...new Set(judged.map((figure) => figure.class))].flatMap((c) =>
    EXPERIMENT_ROWS.flatMap((row) => opinionsOf(results, row, c)),
  );
  if (!rows.some(({ reader }) => reader === HELD_AGAINST.label)) return [];
  return modelPairs({
    opinions: collectOpinions(rows),
    model: HELD_AGAINST.label,
    filter: () => true,
    confidence: 0.95,
  }).map((table) => ({ ...table, id: 'network-pairs', title: `${HELD_AGAINST.label} against the others` }));
}

/** What a network says of a class on subjects, and on slices where it does. */
function opinionsOf(results: ExperimentResults, row: ExperimentRow, c: ExperimentClass): OpinionRow[] {
  const { scans = [] } = results.get(jobId(row.id, c.task)) ?? {};
  return scans.flatMap(({ patient, study, subject, slices = [], reference }) => {
    const said = (values: readonly number[], marks: readonly number[]): OpinionRow => ({
      ...{ patient, study, class: c.name, reader: row.label },
      reference: marks[c.mark] === 1 ? 1 : 0,
      probability: at(values, c.output),
    });
    const ofSlices = reference.slices.length === 0 ? [] : slices;
    return [
      said(subject, reference.subject),
      ...ofSlices.map((values, i) => ({ ...said(values, reference.slices[i] ?? []), slice: i + 1 })),
    ];
  });
}

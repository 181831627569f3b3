import {
  clusteredCovariances,
  type Empty,
  placementCovariances,
  type RankedScores,
} from '../../statistics/index.ts';
import type { ClassName } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import {
  type Population,
  populationOf,
  readRows,
  type StudyFilter,
  speaksOf,
} from '../opinions/population.ts';

/** What comparisons with readers need. */
export interface ReaderQuestion {
  readonly opinions: Opinions;
  readonly model: string;
  readonly threshold: number;
  readonly filter: StudyFilter;
  readonly confidence: number;
  readonly replicates: number;
  readonly seed: number;
}

/** Covariances of the AUCs of rankings of the same rows: DeLong's, or Obuchowski's where rows share patients. */
export function areaCovariances(
  rankings: readonly RankedScores[],
  { patients, patientCount, units }: Population,
): number[][] | Empty {
  return patientCount < units.length
    ? clusteredCovariances(rankings, patients)
    : placementCovariances(rankings);
}

/** The cases, perhaps none, that the model and all who read some have an opinion on; undefined without either. */
export function commonCases(
  question: ReaderQuestion,
  className: ClassName,
): { population: Population; readers: string[] } | undefined {
  const { opinions, model } = question;
  const all = populationOf(opinions, className, 'subject', question.filter);
  const speaks = (source: string): boolean => speaksOf(opinions, source, all);
  const readers = opinions.readers.filter(speaks);
  if (readers.length === 0 || !speaks(model)) return undefined;
  const population = readers.reduce(
    (left, reader) => readRows(opinions, reader, left),
    readRows(opinions, model, all),
  );
  return { population, readers };
}

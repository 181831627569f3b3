import type { ClassName } from './opinion-row.ts';
import type { Opinions } from './opinions.ts';
import { type Population, populationOf, readRows, type StudyFilter } from './population.ts';

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

/** The cases that the model and all readers have an opinion on. */
export function commonCases(
  question: ReaderQuestion,
  className: ClassName,
): { population: Population; readers: string[] } | undefined {
  const { opinions, model } = question;
  if (opinions.opinion(model, className) === undefined) return undefined;
  const readers = opinions.readers.filter((reader) => opinions.opinion(reader, className) !== undefined);
  const all = populationOf(opinions, className, 'subject', question.filter);
  const population = readers.reduce(
    (left, reader) => readRows(opinions, reader, left),
    readRows(opinions, model, all),
  );
  return population.units.length === 0 || readers.length === 0 ? undefined : { population, readers };
}

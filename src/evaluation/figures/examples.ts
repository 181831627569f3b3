import { at } from '../../base/index.ts';
import type { HeatMapScale } from '../../figures/index.ts';
import { rankScores } from '../../statistics/index.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { populationOf, readRows, type StudyFilter, valuesOn } from '../opinions/population.ts';
import { speakerAt } from '../opinions/subject.ts';
import { classLabel } from '../tables/performance-tables.ts';

/** A slice whose heat map goes into the report (paper, Fig. 4). */
export interface ExampleSlice {
  readonly className: ClassName;
  readonly study: string;
  readonly slice: number;
  readonly probability: number;
  /** In words: `Subdural, found, probability 0.97`. */
  readonly reason: string;
}

export interface ExamplePicture {
  readonly example: ExampleSlice;
  /** An image as a data URL. */
  readonly dataUrl: string;
  /** Of its heat map, the same for all; absent where the class has none. */
  readonly scale?: HeatMapScale;
}

/** How the examples are chosen: printed above them, so that nobody need wonder. */
export const EXAMPLE_RULE =
  'Chosen by rule, not by eye: for each class the reference-positive slice of median probability among those found, and the reference-positive slice of the lowest and the reference-negative slice of the highest probability, where they are wrong.';

/** The slices to be shown, by EXAMPLE_RULE; the earlier row where probabilities tie. */
export function exampleSlices(
  opinions: Opinions,
  model: string,
  threshold: number,
  filter: StudyFilter = () => true,
): ExampleSlice[] {
  const speaker = speakerAt(opinions, model, 'slice');
  return CLASS_NAMES.flatMap((className) => {
    const population = readRows(opinions, speaker, populationOf(opinions, className, 'slice', filter));
    const values = valuesOn(opinions, speaker, population);
    const ascending = rankScores(values, population.positive).order;
    const positives = ascending.filter((row) => population.positive[row] === 1);
    const found = positives.filter((row) => at(values, row) >= threshold);
    const missed = positives.filter((row) => at(values, row) < threshold);
    const alarms = ascending.filter((row) => population.positive[row] === 0 && at(values, row) >= threshold);
    const picks = [
      ['found', found[Math.floor((found.length - 1) / 2)]],
      ['missed', missed[0]],
      ['false alarm', alarms.at(-1)],
    ] as const;
    return picks.flatMap(([kind, row]): ExampleSlice[] => {
      if (row === undefined) return [];
      const unit = at(population.units, row);
      const probability = at(values, row);
      return [
        {
          className,
          study: opinions.studies[at(opinions.studyOfUnit, unit)]?.study ?? '',
          slice: at(opinions.sliceOfUnit, unit),
          probability,
          reason: `${classLabel(className)}, ${kind}, probability ${probability.toFixed(2)}`,
        },
      ];
    });
  });
}

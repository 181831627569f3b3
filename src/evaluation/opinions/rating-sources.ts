import { CLASS_NAMES } from './opinion-row.ts';
import type { Opinions } from './opinions.ts';

/** From so many opinions on, so few different ones are more likely ratings than probabilities. */
const FEWEST_OPINIONS = 20;
const MOST_RATINGS = 6;

/** Sources that seem to give ratings: the model of a report is the first that does not. */
export function ratingSources(opinions: Pick<Opinions, 'models' | 'opinion'>): string[] {
  return opinions.models.filter((model) =>
    CLASS_NAMES.some((name) => isRating(opinions.opinion(model, name) ?? new Float64Array())),
  );
}

function isRating(values: Float64Array): boolean {
  const distinct = new Set<number>();
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    distinct.add(value);
    if (distinct.size > MOST_RATINGS) return false;
  }
  return count >= FEWEST_OPINIONS;
}

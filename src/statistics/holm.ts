/**
 * Holm's p values of several tests (Scandinavian Journal of Statistics 1979;6:65), in the given order, as R's
 * p.adjust(p, "holm").
 */
export function holm(values: readonly number[]): number[] {
  const ascending = [...values.entries()].sort(([, a], [, b]) => a - b);
  const adjusted: number[] = [];
  let largest = 0;
  for (const [rank, [place, p]] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (values.length - rank) * p));
    adjusted[place] = largest;
  }
  return adjusted;
}

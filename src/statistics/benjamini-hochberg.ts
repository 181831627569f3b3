/**
 * P values adjusted for the rate of false discoveries among several tests (Benjamini and Hochberg, JRSS B 1995;57:289), in the
 * given order, as R's p.adjust(p, "BH").
 */
export function benjaminiHochberg(values: readonly number[]): number[] {
  const descending = [...values.entries()].sort(([, a], [, b]) => b - a);
  const adjusted = new Array<number>(values.length).fill(1);
  let smallest = 1;
  for (const [k, [place, p]] of descending.entries()) {
    smallest = Math.min(smallest, (values.length / (values.length - k)) * p);
    adjusted[place] = smallest;
  }
  return adjusted;
}

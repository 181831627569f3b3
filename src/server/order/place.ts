/** Where a row stands in a list: what it is sorted by, the weightiest first. Lists are ascending. */
export type Place = readonly (number | string)[];

export function comparePlaces(a: Place, b: Place): number {
  for (const [i, one] of a.entries()) {
    const other = b[i];
    if (other === undefined || one > other) return 1;
    if (one < other) return -1;
  }
  return a.length - b.length;
}

/** All of these slices, each time the nearest to the one that is looked at then; of two as near, the upper one. Pure but for `lookedAt`. */
export function* nearestFirst(
  slices: Iterable<number>,
  lookedAt: () => number,
): Generator<number, void, undefined> {
  const left = new Set(slices);
  while (left.size > 0) {
    const at = lookedAt();
    let nearest: number | undefined;
    for (const slice of left)
      if (nearest === undefined || Math.abs(slice - at) <= Math.abs(nearest - at)) nearest = slice;
    if (nearest === undefined) return;
    left.delete(nearest);
    yield nearest;
  }
}

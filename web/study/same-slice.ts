import type { Prediction } from '../../src/prediction/index.ts';

/** The slices of a prediction by their UIDs, where they have any. */
export interface SlicesOf {
  readonly slices: readonly Pick<Prediction['slices'][number], 'sopInstanceUid'>[];
}

/** Whether some slices are frames of one object: these have its UID in common. */
export const areFrames = ({ slices }: SlicesOf): boolean =>
  new Set(slices.map(({ sopInstanceUid }) => sopInstanceUid)).size < slices.length;

/** Where a slice of one prediction stands in another one of the same study; undefined where that has no such slice. */
export function sameSlice(slice: number, from: SlicesOf, to: SlicesOf): number | undefined {
  const uid = from.slices[slice]?.sopInstanceUid;
  // Frames of one object have its UID in common
  if (to.slices[slice]?.sopInstanceUid === uid) return slice in to.slices ? slice : undefined;
  const places = [...to.slices.keys()].filter((i) => to.slices[i]?.sopInstanceUid === uid);
  return places.length === 1 ? places[0] : undefined;
}

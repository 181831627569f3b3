import { at } from '../../src/base/index.ts';
import { PADDING_HU } from '../../src/dicom/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import type { AcceptedStudy } from '../../src/study/index.ts';
import type { Vector3, Volume } from '../../src/volume/index.ts';
import { WORDS } from '../words.ts';

type ReadStudy = Pick<AcceptedStudy, 'volume' | 'slices' | 'checks'>;
type PredictedSlice = Prediction['slices'][number];

export interface MatchedPictures {
  /** A picture for each slice of the result, in its order. */
  readonly volume: Volume;
  /** Slices of the result without a picture, and why. */
  readonly unread: ReadonlyMap<number, string>;
}

/** Frames of one object lie further apart, mm. */
const SAME_PLACE_MM = 0.05;

/**
 * The pictures that were read now, beside the slices that were predicted then. A file that cannot be read any more leaves
 * its place empty: no picture moves to the number of another. Throws where none of them is of this result.
 */
export function matchSlices(predicted: readonly PredictedSlice[], read: ReadStudy): MatchedPictures {
  const { volume, slices } = read;
  const byObject = Map.groupBy(slices.entries(), ([, { sopInstanceUid }]) => sopInstanceUid);
  const placeOf = ({ sopInstanceUid, positionMm }: PredictedSlice): number | undefined =>
    byObject
      .get(sopInstanceUid)
      ?.find(([, slice]) => Math.abs(slice.positionMm - positionMm) < SAME_PLACE_MM)?.[0];
  const places = predicted.map(placeOf);
  if (places.every((place) => place === undefined)) throw new Error(WORDS.study.otherPictures);
  if (slices.length === predicted.length && !places.includes(undefined)) return { volume, unread: new Map() };
  const missing = [...places.keys()].filter((slice) => places[slice] === undefined);
  return {
    volume: spread(volume, places),
    unread: new Map(missing.map((slice) => [slice, whyUnread(at(predicted, slice), read)])),
  };
}

/** Air where there is no picture. */
function spread(volume: Volume, places: readonly (number | undefined)[]): Volume {
  const size = volume.rows * volume.columns;
  const hu = new Int16Array(places.length * size).fill(PADDING_HU);
  for (const [slice, place] of places.entries())
    if (place !== undefined) hu.set(volume.hu.subarray(place * size, (place + 1) * size), slice * size);
  const { imagePositionsPatient } = volume.geometry;
  const known = places.map((place) => (place === undefined ? undefined : imagePositionsPatient[place]));
  const geometry = { ...volume.geometry, imagePositionsPatient: filled(known) };
  return { ...volume, hu, slices: places.length, geometry };
}

/** A slice that was not read lies where the one before it does; the first ones where the first that was read does. */
function filled(known: readonly (Vector3 | undefined)[]): Vector3[] {
  let last = known.find((position) => position !== undefined) ?? [0, 0, 0];
  return known.map((position) => {
    last = position ?? last;
    return last;
  });
}

function whyUnread({ sopInstanceUid = '' }: PredictedSlice, { checks }: ReadStudy): string {
  const check = checks.find(({ files = [] }) => files.includes(sopInstanceUid));
  return check?.text ?? WORDS.study.noReason;
}

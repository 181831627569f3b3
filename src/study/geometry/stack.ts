import { at } from '../../base/index.ts';
import type { Vector3 } from '../../volume/index.ts';
import { mmText } from '../checks/checks.ts';
import type { PlacedSlice } from '../headers/slice-header.ts';
import { cross, degrees, dot, medianOf, norm, scale } from './vectors.ts';

/** Slices in order from inferior to superior, and how they are stacked. */
export interface Stack {
  readonly slices: readonly PlacedSlice[];
  /** Unit vector, towards superior. */
  readonly normal: Vector3;
  /** Place of each slice along the normal, mm. */
  readonly placesMm: readonly number[];
  /** Distances between neighbours along the stack, mm: how far the couch went. */
  readonly stepsMm: readonly number[];
  /** The same along the normal: shorter where the gantry is tilted. */
  readonly normalStepsMm: readonly number[];
  readonly tiltDegrees: number;
  /** How far each slice lies beside the line of all, mm. */
  readonly shiftsMm: readonly number[];
}

/** Nearer than this along the normal, two slices show the same place. */
export const SAME_PLACE_MM = 0.02;

/** The slices' normal (PS3.3 C.7.6.2.1.1), turned towards superior. */
export function normalOf(slice: Pick<PlacedSlice, 'rowDirection' | 'columnDirection'>): Vector3 {
  const raw = cross(slice.rowDirection, slice.columnDirection);
  return scale(raw, (raw[2] < 0 ? -1 : 1) / norm(raw));
}

/**
 * Orders slices of one orientation along their common normal. Order never depends on the order given: slices at one
 * place follow their acquisition, then their SOP Instance UID and path.
 */
export function stackOf(given: readonly PlacedSlice[]): Stack {
  const first = given[0];
  if (first === undefined) throw new RangeError('a stack has at least one slice');
  const normal = normalOf(first);
  const place = (slice: PlacedSlice) => dot(slice.imagePositionPatient, normal);
  const slices = given.toSorted((a, b) => place(a) - place(b) || compareAcquired(a, b));
  const placesMm = slices.map(place);
  const normalStepsMm = placesMm.slice(1).map((mm, i) => mm - (placesMm[i] as number));
  const line = lineOf(slices, placesMm, normalStepsMm);
  const drift = Math.hypot(line.row.slope, line.column.slope);
  return Object.freeze({
    slices,
    normal,
    placesMm,
    stepsMm: normalStepsMm.map((mm) => mm * Math.hypot(1, drift)),
    normalStepsMm,
    tiltDegrees: degrees(Math.atan(drift)),
    shiftsMm: line.shiftsMm,
  });
}

/** The slice that speaks for those that were read. */
export const middleOf = ({ slices }: Stack): PlacedSlice => at(slices, Math.floor(slices.length / 2));

/** Earlier first; ties by instance number, UID, path and frame, so that the order is always the same. */
export function compareAcquired(a: PlacedSlice, b: PlacedSlice): number {
  return (
    compareText(a.acquired, b.acquired) ||
    (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0) ||
    compareText(a.sopInstanceUid, b.sopInstanceUid) ||
    compareText(a.file.path, b.file.path) ||
    a.frame - b.frame
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * The line on which the slices' corners lie: drift along row and column per mm of normal, by the median of the steps'
 * slopes (after Theil 1950), so that a few stray slices do not bend it.
 */
function lineOf(
  slices: readonly PlacedSlice[],
  placesMm: readonly number[],
  normalStepsMm: readonly number[],
) {
  const { rowDirection, columnDirection } = slices[0] as PlacedSlice;
  const row = driftAlong(rowDirection, slices, placesMm, normalStepsMm);
  const column = driftAlong(columnDirection, slices, placesMm, normalStepsMm);
  const shiftsMm = slices.map((_, i) => Math.hypot(row.rests[i] as number, column.rests[i] as number));
  return { row, column, shiftsMm };
}

function driftAlong(
  direction: Vector3,
  slices: readonly PlacedSlice[],
  placesMm: readonly number[],
  normalStepsMm: readonly number[],
): Drift {
  const offsets = slices.map((slice) => dot(slice.imagePositionPatient, direction));
  const slopes = normalStepsMm.flatMap((step, i) =>
    step > SAME_PLACE_MM ? [((offsets[i + 1] as number) - (offsets[i] as number)) / step] : [],
  );
  const slope = slopes.length > 0 ? medianOf(slopes) : 0;
  const rests = offsets.map((offset, i) => offset - slope * (placesMm[i] as number));
  const middle = medianOf(rests);
  return { slope, rests: rests.map((rest) => rest - middle) };
}

interface Drift {
  readonly slope: number;
  readonly rests: readonly number[];
}

/** `-35 mm, 10 mm` along the normal, each once; the first few of many. */
export function placesText(slices: readonly PlacedSlice[]): string {
  const places = [
    ...new Set(slices.map((slice) => mmText(dot(slice.imagePositionPatient, normalOf(slice))))),
  ];
  return places.length <= 8
    ? places.join(', ')
    : `${places.slice(0, 8).join(', ')} and ${places.length - 8} more`;
}

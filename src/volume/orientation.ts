import { at } from '../base/index.ts';
import type { Vector3, VolumeGeometry } from './volume.ts';

type Directions = Pick<VolumeGeometry, 'orientationKnown' | 'rowDirection' | 'columnDirection'>;

/** A side of the patient, as radiologists letter it: right, left, anterior, posterior, head, feet. */
export type PatientSide = 'R' | 'L' | 'A' | 'P' | 'H' | 'F';

/** The sides of the patient to which the four edges of every slice look. */
export interface SliceEdges {
  readonly left: PatientSide;
  readonly right: PatientSide;
  readonly top: PatientSide;
  readonly bottom: PatientSide;
}

/** The positive and the negative side of each axis of the patient's coordinate system (PS3.3 C.7.6.2.1.1). */
const SIDES: readonly (readonly [positive: PatientSide, negative: PatientSide])[] = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
];

/** The side that a direction mostly looks to, and the one behind it. */
function sidesAlong(direction: Vector3): readonly [ahead: PatientSide, behind: PatientSide] {
  const lengths = direction.map(Math.abs);
  const axis = lengths.indexOf(Math.max(...lengths));
  const [positive, negative] = at(SIDES, axis);
  return at(direction, axis) >= 0 ? [positive, negative] : [negative, positive];
}

/** Marks for the edges of a displayed slice; undefined where the file does not say which side is which. */
export function sliceEdges(geometry: Directions): SliceEdges | undefined {
  if (!geometry.orientationKnown) return undefined;
  const [right, left] = sidesAlong(geometry.rowDirection);
  const [bottom, top] = sidesAlong(geometry.columnDirection);
  return { left, right, top, bottom };
}

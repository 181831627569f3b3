import { at } from '../../base/index.ts';
import type { Volume } from '../../volume/index.ts';
import { sliceHu } from '../../volume/index.ts';

/** What makes a ring of skull; published in docs/reading-studies.md. */
export const HEAD_RING = {
  /** Rays from the middle of the tissue to the outside. */
  rays: 72,
  /** Bone along a ray: as bright as this, which slices clipped at 100 HU still reach. */
  boneHu: 90,
  tissueHu: -200,
  /** This share of the rays meets bone in a slice with a ring. */
  boneShare: 0.7,
  /** Half the width of a ring, median over the rays, mm; wide enough for an infant's head and for foreheads held askew. */
  smallestRadiusMm: 40,
  largestRadiusMm: 115,
  /** Between the middle and the ring, this share of the values is brain, CSF or blood: -20 to 120 HU. */
  softShare: 0.75,
  /** This share of the slices, of the upper two thirds, must show a ring. */
  slicesShare: 0.3,
  /** So many slices are looked at. */
  slicesLookedAt: 12,
} as const;

export interface HeadEvidence {
  readonly isHead: boolean;
  readonly slicesWithRing: number;
  readonly slicesLookedAt: number;
}

/** Whether slices show a ring of skull with soft tissue inside: for series that do not say what they show. */
export function findHead(volume: Volume): HeadEvidence {
  const looked = slicesToLookAt(volume.slices);
  const slicesWithRing = looked.filter((slice) => hasRing(volume, slice)).length;
  const isHead = slicesWithRing >= Math.max(1, HEAD_RING.slicesShare * looked.length);
  return { isHead, slicesWithRing, slicesLookedAt: looked.length };
}

/** Evenly among the upper two thirds: the lowest slices show the neck and the face. */
function slicesToLookAt(slices: number): number[] {
  const first = Math.floor(slices / 3);
  const count = Math.min(HEAD_RING.slicesLookedAt, slices - first);
  return Array.from({ length: count }, (_, i) => first + Math.floor(((i + 0.5) * (slices - first)) / count));
}

function hasRing(volume: Volume, slice: number): boolean {
  const hu = sliceHu(volume, slice);
  const middle = middleOfTissue(hu, volume);
  if (middle === undefined) return false;
  const rays = Array.from({ length: HEAD_RING.rays }, (_, i) =>
    castRay(hu, volume, middle, (2 * Math.PI * i) / HEAD_RING.rays),
  );
  const met = rays.filter((ray) => ray.boneMm !== undefined);
  if (met.length < HEAD_RING.boneShare * rays.length) return false;
  const radii = met.map((ray) => ray.boneMm as number).sort((a, b) => a - b);
  const radius = at(radii, Math.floor(radii.length / 2));
  if (radius < HEAD_RING.smallestRadiusMm || radius > HEAD_RING.largestRadiusMm) return false;
  const soft = met.reduce((sum, ray) => sum + ray.soft, 0);
  const inside = met.reduce((sum, ray) => sum + ray.inside, 0);
  return soft >= HEAD_RING.softShare * inside;
}

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** The centre of mass of bone and brain, by every fourth value; undefined where there is hardly any. */
export function middleOfTissue(hu: Int16Array, volume: Volume): Place | undefined {
  let [count, rows, columns] = [0, 0, 0];
  for (let row = 0; row < volume.rows; row += 2) {
    for (let column = 0; column < volume.columns; column += 2) {
      if (at(hu, row * volume.columns + column) < HEAD_RING.boneHu) continue;
      count++;
      rows += row;
      columns += column;
    }
  }
  return count < 50 ? undefined : { row: rows / count, column: columns / count };
}

interface Ray {
  /** Where the outermost bone of the skull begins to be met, mm from the middle; undefined where none is. */
  readonly boneMm: number | undefined;
  readonly inside: number;
  readonly soft: number;
}

/**
 * Walks outwards. Bone counts where it is at least 1.5 mm thick and lies 30 mm or more from the middle, so that
 * calcified plexus, blood and the skull base's inner parts do not end the walk.
 */
function castRay(hu: Int16Array, volume: Volume, from: Place, angle: number): Ray {
  const { row: rowMm, column: columnMm } = volume.geometry.pixelSpacingMm;
  const stepMm = Math.min(rowMm, columnMm);
  const [perRow, perColumn] = [(Math.sin(angle) * stepMm) / rowMm, (Math.cos(angle) * stepMm) / columnMm];
  let [inside, soft, boneRunMm] = [0, 0, 0];
  for (let step = 0; ; step++) {
    const row = Math.round(from.row + step * perRow);
    const column = Math.round(from.column + step * perColumn);
    if (row < 0 || column < 0 || row >= volume.rows || column >= volume.columns) break;
    const value = at(hu, row * volume.columns + column);
    const far = step * stepMm >= 30;
    boneRunMm = far && value >= HEAD_RING.boneHu ? boneRunMm + stepMm : 0;
    if (boneRunMm >= 1.5) return { boneMm: step * stepMm - boneRunMm, inside, soft };
    inside++;
    if (value > -20 && value < 120) soft++;
  }
  return { boneMm: undefined, inside, soft };
}

import { at, RefusedInput } from '../../base/index.ts';
import type { Vector3 } from '../../volume/index.ts';
import { createCheck, mmText, type StudyCheck } from '../checks/checks.ts';
import { angleBetween, norm, scale } from '../geometry/vectors.ts';
import type { NiftiHeader } from './nifti-header.ts';

/** How an axis of the file serves the volume. */
export interface AxisUse {
  /** 0, 1 or 2: which axis of the file. */
  readonly axis: number;
  /** Read from its end to its beginning. */
  readonly turned: boolean;
  readonly size: number;
  readonly spacingMm: number;
  /** Unit vector, LPS, in the direction of reading. */
  readonly direction: Vector3;
}

export interface VolumeAxes {
  readonly slice: AxisUse;
  readonly row: AxisUse;
  readonly column: AxisUse;
  /** Position of the first value read, mm, LPS. */
  readonly origin: Vector3;
  readonly checks: readonly StudyCheck[];
}

/** Coarser rows or columns than this, and axial slices cut from the volume would be reformats. */
const COARSEST_PIXEL_MM = 2.5;

/**
 * Which axis of the file becomes slices, rows and columns, so that slices are axial and rise to superior, rows go to
 * posterior and columns to the patient's left, as in a CT: axes are exchanged and turned, never interpolated.
 * Throws RefusedInput `not-axial`, `nifti-corrupt`.
 */
export function axesOf(header: NiftiHeader): VolumeAxes {
  const directions = header.axes.map((axis) => scale(axis, 1 / norm(axis))) as unknown as readonly Vector3[];
  const slice = furthestAlong(directions, 2, []);
  const column = furthestAlong(directions, 0, [slice]);
  const row = 3 - slice - column;
  refuseSkew(at(directions, row), at(directions, column));
  const use = (axis: number, component: number): AxisUse => {
    const direction = at(directions, axis);
    const turned = at(direction, component) < 0;
    const spacingMm = norm(at(header.axes, axis));
    return {
      axis,
      turned,
      size: at(header.sizes, axis),
      spacingMm,
      direction: scale(direction, turned ? -1 : 1),
    };
  };
  const uses = { slice: use(slice, 2), row: use(row, 1), column: use(column, 0) };
  const coarsest = Math.max(uses.row.spacingMm, uses.column.spacingMm);
  if (coarsest > COARSEST_PIXEL_MM) {
    const text = `its axial planes have pixels of up to ${mmText(coarsest)}: it was not scanned in axial slices`;
    throw new RefusedInput('not-axial', text);
  }
  return { ...uses, origin: originOf(header, Object.values(uses)), checks: reordered(uses) };
}

function furthestAlong(directions: readonly Vector3[], component: number, taken: readonly number[]): number {
  const reach = directions.map((d, i) => (taken.includes(i) ? -1 : Math.abs(at(d, component))));
  return reach.indexOf(Math.max(...reach));
}

function refuseSkew(row: Vector3, column: Vector3): void {
  const skew = Math.abs(90 - angleBetween(row, column));
  if (skew > 1)
    throw new RefusedInput(
      'nifti-corrupt',
      `its rows and columns stand ${skew.toFixed(1)} degrees off a right angle`,
    );
}

function originOf(header: NiftiHeader, uses: readonly AxisUse[]): Vector3 {
  return uses
    .filter((use) => use.turned)
    .reduce((origin, use) => {
      const span = scale(at(header.axes, use.axis), use.size - 1);
      return [origin[0] + span[0], origin[1] + span[1], origin[2] + span[2]] as const;
    }, header.origin);
}

/** Turned rows are how NIfTI usually lies; they are named with the rest all the same. */
function reordered(uses: Readonly<Record<'slice' | 'row' | 'column', AxisUse>>): StudyCheck[] {
  const done: string[] = [];
  if (uses.slice.axis !== 2 || uses.row.axis !== 1) {
    const plane = uses.slice.axis === 1 ? 'coronal' : uses.slice.axis === 0 ? 'sagittal' : 'turned';
    done.push(`axes exchanged (the file holds ${plane} planes)`);
  }
  for (const [name, use] of Object.entries(uses)) if (use.turned) done.push(`${name}s turned round`);
  if (done.length === 0) return [];
  return [createCheck('nifti-reordered', `brought to axial order without interpolation: ${done.join(', ')}`)];
}

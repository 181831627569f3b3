/** Where the slice lies in the window: between pixels of the screen, voxels and millimetres. */
import type { ShownVolume } from './shown-study.ts';
import type { View } from './view.ts';

type Plane = Pick<ShownVolume, 'rows' | 'columns' | 'geometry'>;

/** Any unit of the screen, all four in the same. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Edges of voxels: the first voxel spans 0 to 1, its centre lies at 0.5. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A length in the plane of one slice. */
export interface Measurement {
  readonly slice: number;
  readonly from: Place;
  readonly to: Place;
}

/** Of whole slices, mm. */
export const planeMm = ({ rows, columns, geometry }: Plane): Size => ({
  width: columns * geometry.pixelSpacingMm.column,
  height: rows * geometry.pixelSpacingMm.row,
});

/** What both fit into. */
export const around = (one: Size, other: Size): Size => ({
  width: Math.max(one.width, other.width),
  height: Math.max(one.height, other.height),
});

/**
 * The slice as wide and high as it is in mm, zoomed and panned.
 * @param fitted mm that zoom 1 fits into the window: as much in two windows of one size is the same scale in both
 */
export function placeSlice(
  volume: Plane,
  window: Size,
  { zoom, panX, panY }: View,
  fitted = planeMm(volume),
): Rectangle {
  const slice = planeMm(volume);
  const pxPerMm = Math.min(window.width / fitted.width, window.height / fitted.height) * zoom;
  const [width, height] = [slice.width * pxPerMm, slice.height * pxPerMm];
  return {
    left: (window.width - width) / 2 + panX,
    top: (window.height - height) / 2 + panY,
    width,
    height,
  };
}

export const placeAt = (volume: Plane, slice: Rectangle, x: number, y: number): Place => ({
  row: ((y - slice.top) / slice.height) * volume.rows,
  column: ((x - slice.left) / slice.width) * volume.columns,
});

export const pointAt = (volume: Plane, slice: Rectangle, place: Place): { x: number; y: number } => ({
  x: slice.left + (place.column / volume.columns) * slice.width,
  y: slice.top + (place.row / volume.rows) * slice.height,
});

/** In the plane of the slice, mm. */
export function lengthMm({ geometry }: Plane, from: Place, to: Place): number {
  const { row, column } = geometry.pixelSpacingMm;
  return Math.hypot((to.row - from.row) * row, (to.column - from.column) * column);
}

/** The HU under a place; undefined outside the slice, and where it has no picture. */
export function huAt({ hu, rows, columns }: ShownVolume, slice: number, place: Place): number | undefined {
  const [row, column] = [Math.floor(place.row), Math.floor(place.column)];
  if (row < 0 || row >= rows || column < 0 || column >= columns) return undefined;
  return hu[slice]?.[row * columns + column];
}

/** A direction or a point in the patient's coordinate system, mm, LPS (PS3.3 C.7.6.2.1.1). */
export type Vector3 = readonly [x: number, y: number, z: number];

/** Where the slices lie in the patient. */
export interface VolumeGeometry {
  /** Distance between the centres of neighbouring rows and columns, mm (Pixel Spacing). */
  readonly pixelSpacingMm: { readonly row: number; readonly column: number };
  /** Unit vector along a row, column index growing (first three of Image Orientation Patient). */
  readonly rowDirection: Vector3;
  /** Unit vector down a column, row index growing. */
  readonly columnDirection: Vector3;
  /** Centre of the first stored value of each slice, mm, inferior to superior (Image Position Patient). */
  readonly imagePositionsPatient: readonly Vector3[];
  /** Median distance between neighbouring slices along the normal, mm; from positions, never from a tag. */
  readonly sliceSpacingMm: number;
  /** Angle between the slices' normal and the direction in which they are stacked, degrees; from geometry. */
  readonly gantryTiltDegrees: number;
  /** False where the file does not say which side is left (some NIfTI). */
  readonly orientationKnown: boolean;
}

/** One head CT series in Hounsfield units. Axis order {slice, row, column}, slices inferior to superior. */
export interface Volume {
  /** slices x rows x columns, HU. */
  readonly hu: Int16Array;
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  readonly geometry: VolumeGeometry;
}

/** The HU of one slice: rows x columns, a view and not a copy. */
export function sliceHu(volume: Volume, slice: number): Int16Array {
  const size = volume.rows * volume.columns;
  return volume.hu.subarray(slice * size, (slice + 1) * size);
}

/** Where each place of a slice comes from, [2, 3] row by row, in coordinates from -1 to 1; see affineGrid. */
export type AffineMap = readonly number[];

export const NO_CHANGE: AffineMap = [1, 0, 0, 0, 1, 0];

/** How a slice is moved. */
export interface Movement {
  readonly rotationDegrees: number;
  /** Along rows and along columns: 1.1 enlarges what is shown, a negative one mirrors it too. */
  readonly scale: readonly [number, number];
  readonly shear: number;
  /** Share of the side, along rows and along columns: 0.1 moves what is shown left or up by a tenth of the side. */
  readonly shift: readonly [number, number];
}

/** The one meaning of rotation, scale, shear and shift in all trainings. */
export function affineMap({ rotationDegrees, scale, shear, shift }: Movement): AffineMap {
  const angle = (rotationDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // The map leads from the result to its source: what is enlarged comes from a smaller place
  const [across, down] = [1 / scale[0], 1 / scale[1]];
  // A share of the side is twice that in coordinates from -1 to 1
  return [
    cos * across,
    (cos * shear - sin) * down,
    2 * shift[0],
    sin * across,
    (sin * shear + cos) * down,
    2 * shift[1],
  ];
}

import { at } from '../../src/base/index.ts';
import { sliceHu, type Vector3, type Volume } from '../../src/volume/index.ts';

/** Places within a slice at which its HU are read and averaged. */
const SAMPLES = 8;

/**
 * The same head in slices of another thickness, side by side: each is the mean of what lies within it, HU between two of
 * the original slices being interpolated linearly. The series has to be evenly spaced.
 */
export function resampled(volume: Volume, thicknessMm: number): Volume {
  const { geometry, rows, columns } = volume;
  const step = thicknessMm / geometry.sliceSpacingMm;
  const slices = Math.floor(volume.slices / step);
  const hu = new Int16Array(slices * rows * columns);
  for (let slice = 0; slice < slices; slice++) {
    const places = Array.from({ length: SAMPLES }, (_, i) => (slice + (i + 0.5) / SAMPLES) * step - 0.5);
    hu.set(meanOf(places.map((place) => between(volume, place))), slice * rows * columns);
  }
  const imagePositionsPatient = Array.from({ length: slices }, (_, slice) =>
    positionAt(volume, (slice + 0.5) * step - 0.5),
  );
  return {
    ...volume,
    hu,
    slices,
    geometry: { ...geometry, imagePositionsPatient, sliceSpacingMm: thicknessMm },
  };
}

/** Two slices, and how far the place lies from the first to the second; ends go on as they are. */
function neighbours(volume: Volume, place: number): { below: number; above: number; share: number } {
  const last = volume.slices - 1;
  const inside = Math.min(Math.max(place, 0), last);
  const below = Math.min(Math.floor(inside), Math.max(last - 1, 0));
  return { below, above: Math.min(below + 1, last), share: inside - below };
}

function between(volume: Volume, place: number): Float32Array {
  const { below, above, share } = neighbours(volume, place);
  const upper = sliceHu(volume, above);
  return Float32Array.from(sliceHu(volume, below), (v, i) => v + share * (at(upper, i) - v));
}

function meanOf(images: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(at(images, 0).length);
  for (const image of images) for (const [i, v] of image.entries()) sum[i] = at(sum, i) + v / images.length;
  return sum.map(Math.round);
}

function positionAt(volume: Volume, place: number): Vector3 {
  const { imagePositionsPatient } = volume.geometry;
  const [first, second] = [at(imagePositionsPatient, 0), at(imagePositionsPatient, 1)];
  const along = (axis: 0 | 1 | 2): number => first[axis] + place * (second[axis] - first[axis]);
  return [along(0), along(1), along(2)];
}

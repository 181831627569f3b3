import { at } from '../../base/index.ts';
import { sliceHu, type Volume } from '../../volume/index.ts';
import { counted, createCheck, type StudyCheck } from '../checks/checks.ts';

/** When a slice does not go with its neighbours; published in docs/reading-studies.md. */
export const ODD_SLICE = {
  /** Slices are compared as pictures of so many pixels a side, each the mean of its part of the slice. */
  side: 64,
  /** In this window, HU: brain, and bone and air as its ends. */
  from: -20,
  to: 100,
  /**
   * By so much the neighbours' correlation with one another exceeds that of either with the slice between them. Of 3,206 slices of
   * 117 patients none reaches 0: the nearest lies at -0.007.
   */
  excess: 0.005,
} as const;

/**
 * Slices whose pixels cannot be right though they decode: of one value between others that are not, or unlike two
 * neighbours that are like one another.
 */
export function oddSliceChecks(
  volume: Volume,
  filesOf: (slices: readonly number[]) => readonly string[] = () => [],
): StudyCheck[] {
  const pictures = Array.from({ length: volume.slices }, (_, slice) => pictureOf(volume, slice));
  const shown = [...pictures.entries()].flatMap(([slice, picture]) => (picture ? [{ slice, picture }] : []));
  const [first = 0, last = 0] = [shown[0]?.slice, shown.at(-1)?.slice];
  const empty = [...pictures.keys()].filter((i) => i > first && i < last && pictures[i] === undefined);
  const likeness = (i: number, j: number) => correlation(at(shown, i).picture, at(shown, j).picture);
  const toNext = shown.slice(1).map((_, i) => likeness(i, i + 1));
  const unlike = shown.slice(1, -1).flatMap(({ slice }, i) => {
    const toEither = Math.max(at(toNext, i), at(toNext, i + 1));
    return likeness(i, i + 2) - toEither > ODD_SLICE.excess ? [slice] : [];
  });
  return [
    ...named('slice-empty', empty, 'without a picture: every pixel has the same value'),
    ...named(
      'slice-unlike-neighbours',
      unlike,
      'unlike the slices on both sides, which are more like one another',
    ),
  ];

  function named(code: 'slice-empty' | 'slice-unlike-neighbours', slices: readonly number[], what: string) {
    if (slices.length === 0) return [];
    const numbers = slices
      .slice(0, 8)
      .map((slice) => slice + 1)
      .join(', ');
    const text = `${counted(slices.length, 'slice')} ${what} (${numbers}${slices.length > 8 ? ', ...' : ''}); look at the pictures before you trust the result`;
    return [createCheck(code, text, { files: [...filesOf(slices)], slices: [...slices] })];
  }
}

/** Deviations from the mean, of length 1. */
type Picture = Float64Array;

/** Undefined where every pixel has one value. Every second row and column is read: noise is averaged all the same. */
function pictureOf(volume: Volume, slice: number): Picture | undefined {
  const { side, from, to } = ODD_SLICE;
  const { rows, columns } = volume;
  const hu = sliceHu(volume, slice);
  if (hu.every((value) => value === hu[0])) return undefined;
  const sums = new Float64Array(side * side);
  const counts = new Uint32Array(side * side);
  for (let row = 0; row < rows; row += 2)
    for (let column = 0; column < columns; column += 2) {
      const place = Math.floor((row * side) / rows) * side + Math.floor((column * side) / columns);
      const value = Math.max(from, Math.min(to, hu[row * columns + column] ?? 0));
      sums[place] = (sums[place] ?? 0) + value;
      counts[place] = (counts[place] ?? 0) + 1;
    }
  const means = sums.map((sum, i) => sum / Math.max(1, at(counts, i)));
  const middle = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  const deviations = means.map((mean) => mean - middle);
  const length = Math.hypot(...deviations);
  return length === 0 ? deviations : deviations.map((deviation) => deviation / length);
}

const correlation = (a: Picture, b: Picture): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

import { expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import type { Volume } from '../../volume/index.ts';
import { oddSliceChecks } from './odd-slices.ts';

const SIDE = 64;
const random = createRandom(3);

/** A ring of bone that narrows from slice to slice around a bright spot that wanders, in air. */
const headSlice = (slice: number) =>
  Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [y, x] = [Math.floor(i / SIDE) - SIDE / 2, (i % SIDE) - SIDE / 2];
    const radius = Math.hypot(x, y) + 0.8 * slice;
    const inside = Math.hypot(x + 10 - slice, y) < 5 ? 70 : 33;
    return (radius > 30 ? -1000 : radius > 26 ? 900 : inside) + Math.round(random.normal(0, 5));
  });

const volumeOf = (pictures: readonly (readonly number[])[]): Volume => ({
  hu: Int16Array.from(pictures.flat()),
  slices: pictures.length,
  rows: SIDE,
  columns: SIDE,
  geometry: {
    pixelSpacingMm: { row: 3, column: 3 },
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    imagePositionsPatient: pictures.map((_, i) => [0, 0, 5 * i] as const),
    sliceSpacingMm: 5,
    gantryTiltDegrees: 0,
    orientationKnown: true,
  },
});

const head = Array.from({ length: 16 }, (_, slice) => headSlice(slice));
const empty = head[0]?.map(() => -1024) ?? [];
const noise = head[0]?.map(() => Math.round(random.normal(0, 400))) ?? [];
const found = (pictures: readonly (readonly number[])[]) =>
  oddSliceChecks(volumeOf(pictures), (slices) => slices.map((slice) => `IM${slice}`)).map(
    ({ code, slices, files }) => ({ code, slices, files }),
  );

test.each([
  ['a head as it was scanned', head, []],
  ['empty slices above and below the head', [empty, empty, ...head, empty], []],
  ['an empty slice', head.with(7, empty), [{ code: 'slice-empty', slices: [7], files: ['IM7'] }]],
  [
    'noise in place of a slice',
    head.with(7, noise),
    [{ code: 'slice-unlike-neighbours', slices: [7], files: ['IM7'] }],
  ],
  [
    "two slices with each other's pixels",
    head.with(4, head[11] ?? []).with(11, head[4] ?? []),
    [{ code: 'slice-unlike-neighbours', slices: [4, 11], files: ['IM11', 'IM4'] }],
  ],
])('%s', (_, pictures, expected) => {
  expect(found(pictures)).toEqual(expected);
});

test('what is said tells which slices, counted from 1', () => {
  const [check] = oddSliceChecks(volumeOf(head.with(7, empty)));
  expect(check?.text).toBe(
    '1 slice without a picture: every pixel has the same value (8); look at the pictures before you trust the result',
  );
});

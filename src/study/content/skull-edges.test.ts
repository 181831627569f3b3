import { expect, test } from 'vitest';
import type { Volume } from '../../volume/index.ts';
import { skullEdgeChecks } from './skull-edges.ts';

const [SLICES, SIDE] = [10, 220];

type Head = (x: number, y: number) => number;

/** HU by mm from the middle of the field, all slices alike but those that are named. */
function series(head: Head, pixelMm = 1, others: Readonly<Record<number, Head>> = {}): Volume {
  const slices = Array.from({ length: SLICES }, (_, slice) =>
    Array.from({ length: SIDE * SIDE }, (_, i) => {
      const [row, column] = [Math.floor(i / SIDE), i % SIDE];
      return (others[slice] ?? head)((column - SIDE / 2) * pixelMm, (row - SIDE / 2) * pixelMm);
    }),
  );
  return {
    hu: Int16Array.from(slices.flat()),
    slices: SLICES,
    rows: SIDE,
    columns: SIDE,
    geometry: {
      pixelSpacingMm: { row: pixelMm, column: pixelMm },
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      imagePositionsPatient: slices.map((_, i) => [0, 0, 5 * i] as const),
      sliceSpacingMm: 5,
      gantryTiltDegrees: 0,
      orientationKnown: true,
    },
  };
}

const still: Head = (x, y) => {
  const away = Math.hypot(x / 68, y / 85);
  return away > 1.1 ? -1000 : away > 1 ? 40 : away > 0.87 ? 900 : 33;
};
/** The mean of four places, as a head leaves it that moves while the slice is taken. */
const moved: Head = (x, y) =>
  Math.round((still(x - 5, y) + still(x + 4, y - 3) + still(x, y + 5) + still(x + 1, y + 1)) / 4);
const clipped =
  (head: Head): Head =>
  (x, y) =>
    Math.min(100, Math.max(-20, head(x, y)));
/** As a window of brain leaves it before the head is moved: files with clipped values are seen as well. */
const movedAfterClipping: Head = (x, y) => {
  const one = clipped(still);
  return Math.round((one(x - 5, y) + one(x + 4, y - 3) + one(x, y + 5) + one(x + 1, y + 1)) / 4);
};
const found = (volume: Volume) => skullEdgeChecks(volume).map(({ code, slices }) => ({ code, slices }));
const ALL = Array.from({ length: SLICES }, (_, slice) => slice);

test.each<[string, Volume]>([
  ['a head that lay still', series(still)],
  ['the same, clipped to -20 to 100 HU', series(clipped(still))],
  ['the same, in pixels of 3 mm', series(still, 3)],
  ['one moved slice: what the series shows counts', series(still, 1, { 4: moved })],
  ['no skull at all', series(() => 35)],
  ['air', series(() => -1000)],
])('%s is not blurred', (_, volume) => {
  expect(found(volume)).toEqual([]);
});

test.each<[string, Volume]>([
  ['a head that moved', series(moved)],
  ['a head that moved, clipped before', series(movedAfterClipping)],
])('%s is blurred', (_, volume) => {
  expect(found(volume)).toEqual([{ code: 'skull-blurred', slices: ALL }]);
});

test('slices are named where they are blurred alone', () => {
  expect(found(series(moved, 1, { 2: still, 7: still }))).toEqual([
    { code: 'skull-blurred', slices: ALL.filter((slice) => slice !== 2 && slice !== 7) },
  ]);
});

test('how far it is blurred is told', () => {
  expect(skullEdgeChecks(series(moved))[0]?.text).toMatch(
    /^the inner edge of the skull is blurred over [34567](\.\d+)? mm, where 2\.2 mm is the most of a sharp one: /,
  );
});

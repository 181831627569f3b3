import { expect, test } from 'vitest';
import type { Volume } from '../../volume/index.ts';
import { findHead } from './head-test.ts';

const [SLICES, SIDE, PIXEL_MM] = [12, 160, 2];

/** HU by mm from the middle of the field, all slices alike. */
function series(huAt: (x: number, y: number) => number): Volume {
  const slice = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    return huAt((column - SIDE / 2) * PIXEL_MM, (row - SIDE / 2) * PIXEL_MM);
  });
  return {
    hu: Int16Array.from({ length: SLICES * slice.length }, (_, i) => slice[i % slice.length] ?? 0),
    slices: SLICES,
    rows: SIDE,
    columns: SIDE,
    geometry: {
      pixelSpacingMm: { row: PIXEL_MM, column: PIXEL_MM },
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      imagePositionsPatient: Array.from({ length: SLICES }, (_, i) => [0, 0, 5 * i] as const),
      sliceSpacingMm: 5,
      gantryTiltDegrees: 0,
      orientationKnown: true,
    },
  };
}

/** A head whose skull is open over so many degrees at its left. */
const headOpen = (degrees: number) => (x: number, y: number) => {
  const away = Math.hypot(x / 70, y / 88);
  if (away > 1.1) return -1000;
  const isOpen = (Math.abs(Math.atan2(y, x)) * 360) / Math.PI < degrees;
  return away > 0.92 && away < 1.02 && !isOpen ? 900 : 33;
};

test.each([
  ['closed', headOpen(0)],
  ['open by 60 degrees', headOpen(60)],
  ['open by 90 degrees, as after a wide craniectomy', headOpen(90)],
  ['high in the field', (x: number, y: number) => headOpen(0)(x, y + 60)],
])('a skull %s is a head', (_, huAt) => {
  expect(findHead(series(huAt))).toEqual({ isHead: true, slicesWithRing: 8, slicesLookedAt: 8 });
});

const body = (inside: (x: number, y: number, away: number) => number) => (x: number, y: number) => {
  const away = Math.hypot(x / 140, y / 95);
  return away > 1 ? -1000 : inside(x, y, away);
};

test.each([
  [
    'a chest with ribs',
    body((x, y, away) => (away > 0.85 && Math.sin(12 * Math.atan2(y, x)) > 0 ? 500 : -850)),
  ],
  ['an abdomen with a spine', body((x, y) => (Math.hypot(x, y - 60) < 20 ? 400 : 45))],
  [
    'two legs',
    (x: number, y: number) => {
      const away = Math.hypot(Math.abs(x) - 75, y);
      return away > 60 ? -1000 : away < 14 ? 1200 : 50;
    },
  ],
  ['a skull open by half', headOpen(180)],
])('%s is none', (_, huAt) => {
  expect(findHead(series(huAt))).toEqual({ isHead: false, slicesWithRing: 0, slicesLookedAt: 8 });
});

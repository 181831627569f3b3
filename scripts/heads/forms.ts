import { at, createRandom } from '../../src/base/index.ts';
import type { Volume } from '../../src/volume/index.ts';
import { slicesOf } from '../unlike/disturbed.ts';

const AIR_HU = -1000;
const SKIN_HU = 20;

/** Heads as they are seen more rarely: all of them are to be taken for heads. */
export const RARE_HEADS: Readonly<Record<string, (volume: Volume) => Volume>> = {
  'as it is': (volume) => volume,
  'lower half alone': (volume) => slicesOf(volume, 0, Math.ceil(volume.slices / 2)),
  'upper half alone': (volume) => slicesOf(volume, Math.floor(volume.slices / 2), volume.slices),
  'lowest 60 %': (volume) => slicesOf(volume, 0, Math.ceil(0.6 * volume.slices)),
  'upper 40 %': (volume) => slicesOf(volume, Math.floor(0.6 * volume.slices), volume.slices),
  'tilted by 20 degrees': (volume) => tilted(volume, 20),
  'tilted by -20 degrees': (volume) => tilted(volume, -20),
  'turned by 30 degrees': (volume) => turned(volume, 30),
  'high in the field': (volume) => shifted(volume, -0.2, 0),
  'at the side of the field': (volume) => shifted(volume, 0, 0.2),
  'calvarium open by 60 degrees': (volume) => withOpenSkull(volume, 60),
  'calvarium open by 90 degrees': (volume) => withOpenSkull(volume, 90),
};

type From = (slice: number, row: number, column: number) => number;

/** Every value anew, from where `place` finds it. */
function resampled({ slices, rows, columns, ...rest }: Volume, from: From): Volume {
  const hu = new Int16Array(slices * rows * columns);
  let i = 0;
  for (let slice = 0; slice < slices; slice++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, i++) hu[i] = from(slice, row, column);
  return { ...rest, hu, slices, rows, columns };
}

const valueAt = (
  { hu, slices, rows, columns }: Volume,
  slice: number,
  row: number,
  column: number,
): number => {
  const isInside = slice >= 0 && slice < slices && row >= 0 && row < rows && column >= 0 && column < columns;
  return isInside ? at(hu, (slice * rows + row) * columns + column) : AIR_HU;
};

/** Slices lean forward: each row comes from another height. */
function tilted(volume: Volume, degrees: number): Volume {
  const { pixelSpacingMm, sliceSpacingMm } = volume.geometry;
  const slicesPerRow = (Math.tan((degrees * Math.PI) / 180) * pixelSpacingMm.row) / sliceSpacingMm;
  return resampled(volume, (slice, row, column) =>
    valueAt(volume, Math.round(slice + (row - volume.rows / 2) * slicesPerRow), row, column),
  );
}

function turned(volume: Volume, degrees: number): Volume {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [middleRow, middleColumn] = [volume.rows / 2, volume.columns / 2];
  return resampled(volume, (slice, row, column) => {
    const [down, across] = [row - middleRow, column - middleColumn];
    const from = [
      Math.round(middleRow + c * down - s * across),
      Math.round(middleColumn + s * down + c * across),
    ];
    return valueAt(volume, slice, from[0] ?? 0, from[1] ?? 0);
  });
}

/** By shares of the field; what leaves it is lost. */
const shifted = (volume: Volume, down: number, across: number): Volume =>
  resampled(volume, (slice, row, column) =>
    valueAt(
      volume,
      slice,
      row - Math.round(down * volume.rows),
      column - Math.round(across * volume.columns),
    ),
  );

/** Bone of a sector from the middle of the head is taken away, as after a craniectomy. */
export function withOpenSkull(volume: Volume, degrees: number): Volume {
  const { rows, columns } = volume;
  return resampled(volume, (slice, row, column) => {
    const value = valueAt(volume, slice, row, column);
    const angle = (Math.atan2(row - rows / 2, column - columns / 2) * 180) / Math.PI;
    return value >= 80 && Math.abs(angle) < degrees / 2 ? SKIN_HU : value;
  });
}

/** Anything but a head, on a field of 2 mm pixels: a value for each place in mm from the middle. */
const BODIES: Readonly<Record<string, (x: number, y: number, size: number) => number>> = {
  abdomen: (x, y, size) => {
    if (Math.hypot(x / (150 * size), y / (100 * size)) > 1) return AIR_HU;
    if (Math.hypot(x, y - 60 * size) < 20) return 400;
    return Math.hypot(x / (130 * size), y / (80 * size)) > 1 ? -100 : 45;
  },
  'chest with ribs': (x, y, size) => {
    const wall = Math.hypot(x / (160 * size), y / (105 * size));
    if (wall > 1) return AIR_HU;
    if (Math.hypot(x, y - 70 * size) < 20) return 400;
    if (wall > 0.85) return Math.sin(12 * Math.atan2(y, x)) > 0.4 && wall < 0.93 ? 500 : 30;
    return Math.abs(x) < 35 ? 45 : -850;
  },
  pelvis: (x, y, size) => {
    if (Math.hypot(x / (165 * size), y / (110 * size)) > 1) return AIR_HU;
    const wing = Math.hypot((Math.abs(x) - 85 * size) / 20, (y - 15) / 50);
    if (wing < 1) return wing > 0.7 ? 700 : 150;
    return Math.hypot(x, y - 60 * size) < 25 ? 350 : 40;
  },
  legs: (x, y, size) => {
    const away = Math.hypot(Math.abs(x) - 80 * size, y);
    if (away > 65 * size) return AIR_HU;
    if (away < 14) return away > 8 ? 1200 : -50;
    return 50;
  },
  neck: (x, y, size) => {
    if (Math.hypot(x, y) > 60 * size) return AIR_HU;
    if (Math.hypot(x, y + 20) < 9) return AIR_HU;
    return Math.hypot(x, y - 15) < 14 ? 500 : 50;
  },
  'bottle of water': (x, y, size) => {
    const away = Math.hypot(x, y) / size;
    if (away > 100) return AIR_HU;
    return away > 95 ? 60 : 0;
  },
};

const SIDE = 200;
const PIXEL_MM = 2;

/** Synthetic bodies of several sizes, with the noise of a scan. */
export function syntheticBodies(
  like: Volume['geometry'],
): { readonly name: string; readonly volume: Volume }[] {
  return Object.entries(BODIES).flatMap(([name, huAt]) =>
    [0.6, 0.8, 1, 1.15].map((size) => {
      const random = createRandom(Math.round(100 * size)).fork(name);
      const geometry = { ...like, pixelSpacingMm: { row: PIXEL_MM, column: PIXEL_MM }, sliceSpacingMm: 5 };
      const empty = { hu: new Int16Array(24 * SIDE * SIDE), slices: 24, rows: SIDE, columns: SIDE, geometry };
      const volume = resampled(empty, (slice, row, column) => {
        const wobble = 1 + 0.03 * Math.sin(slice);
        const [x, y] = [(column - SIDE / 2) * PIXEL_MM * wobble, (row - SIDE / 2) * PIXEL_MM * wobble];
        return Math.round(huAt(x, y, size) + random.normal(0, 8));
      });
      return { name, volume };
    }),
  );
}

/** Stacks of one slice of a chest, the field cut, turned and windowed. */
export function chestStacks(chest: Volume): { readonly name: string; readonly volume: Volume }[] {
  const forms: Readonly<Record<string, (volume: Volume) => Volume>> = {
    'as it is': (volume) => volume,
    'turned by 90 degrees': (volume) => turned(volume, 90),
    'high in the field': (volume) => shifted(volume, -0.25, 0),
    'at the side': (volume) => shifted(volume, 0, 0.3),
    'clipped to the brain window': (volume) => ({
      ...volume,
      hu: volume.hu.map((v) => Math.min(Math.max(v, -20), 100)),
    }),
    'clipped, bone and air made': (volume) => ({
      ...volume,
      hu: volume.hu.map((v) => (v >= 100 ? 800 : v <= -20 ? AIR_HU : v)),
    }),
  };
  const sizes = [0.5, 0.7, 1].map((scale) => ({
    ...chest,
    geometry: {
      ...chest.geometry,
      pixelSpacingMm: {
        row: chest.geometry.pixelSpacingMm.row * scale,
        column: chest.geometry.pixelSpacingMm.column * scale,
      },
    },
  }));
  return Object.entries(forms).flatMap(([form, make]) =>
    sizes.map((volume) => ({ name: `chest, ${form}`, volume: make(volume) })),
  );
}

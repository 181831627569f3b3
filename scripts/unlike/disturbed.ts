import { at, createRandom } from '../../src/base/index.ts';
import { sliceHu, type Volume } from '../../src/volume/index.ts';

/** A series as a fault of the scan, of the patient or of the files would make it; the heads stay whose they are. */
export const DISTURBANCES: Readonly<Record<string, (volume: Volume) => Volume>> = {
  'heavy metal': (volume) => eachSlice(volume, withMetal),
  'strong motion': (volume) => eachSlice(volume, withMotion),
  'bone kernel': (volume) => eachSlice(volume, withBoneKernel),
  'rows upside down': (volume) => eachSlice(volume, upsideDown),
  'slices from top to bottom': reversed,
  'cut at the middle (upper half)': (volume) =>
    slicesOf(volume, Math.floor(volume.slices / 2), volume.slices),
  'noise of 15 HU': (volume) => eachSlice(volume, withNoise),
};

interface SlicePlace {
  readonly hu: Int16Array;
  readonly rows: number;
  readonly columns: number;
  readonly slice: number;
}

export function eachSlice(volume: Volume, disturb: (place: SlicePlace) => Int16Array): Volume {
  const { rows, columns, slices } = volume;
  const hu = new Int16Array(volume.hu.length);
  for (let slice = 0; slice < slices; slice++)
    hu.set(disturb({ hu: sliceHu(volume, slice), rows, columns, slice }), slice * rows * columns);
  return { ...volume, hu };
}

/** Slices from..to of a volume, on their own. */
export function slicesOf(volume: Volume, from: number, to: number): Volume {
  const size = volume.rows * volume.columns;
  const { geometry } = volume;
  const imagePositionsPatient = geometry.imagePositionsPatient.slice(from, to);
  return {
    ...volume,
    hu: volume.hu.slice(from * size, to * size),
    slices: to - from,
    geometry: { ...geometry, imagePositionsPatient },
  };
}

function reversed(volume: Volume): Volume {
  const size = volume.rows * volume.columns;
  const hu = new Int16Array(volume.hu.length);
  for (let slice = 0; slice < volume.slices; slice++)
    hu.set(sliceHu(volume, volume.slices - 1 - slice), slice * size);
  return { ...volume, hu };
}

export const upsideDown = ({ hu, rows, columns }: SlicePlace): Int16Array =>
  hu.map((_, i) => at(hu, (rows - 1 - Math.floor(i / columns)) * columns + (i % columns)));

const METAL_HU = 3071;
/** A coil of aneurysm in the middle of the head: streaks to all sides, bright and dark in turn. */
function withMetal({ hu, rows, columns, slice }: SlicePlace): Int16Array {
  const random = createRandom(slice % 5).fork('metal');
  const [row, column] = [rows * random.uniform(0.45, 0.55), columns * random.uniform(0.45, 0.55)];
  const [streaks, radius] = [Math.floor(random.uniform(7, 12)), columns / 50];
  return hu.map((value, i) => {
    const [down, across] = [Math.floor(i / columns) - row, (i % columns) - column];
    const away = Math.hypot(down, across);
    if (away < radius) return METAL_HU;
    const streak = 400 * Math.sqrt(radius / away) * Math.cos(streaks * Math.atan2(down, across));
    return value <= -500 ? value : clipped(value + streak);
  });
}

/** The head turned and moved while the slice was taken: the mean of what was there. */
function withMotion({ hu, rows, columns, slice }: SlicePlace): Int16Array {
  const random = createRandom(slice).fork('motion');
  const moves = Array.from({ length: 4 }, () => ({
    angle: random.uniform(-0.14, 0.14),
    down: random.uniform(-0.03, 0.03) * rows,
    across: random.uniform(-0.03, 0.03) * columns,
  }));
  return hu.map((_, i) => {
    const [row, column] = [Math.floor(i / columns) - rows / 2, (i % columns) - columns / 2];
    const sum = moves.reduce((total, { angle, down, across }) => {
      const from = Math.round(rows / 2 + row * Math.cos(angle) - column * Math.sin(angle) + down);
      const to = Math.round(columns / 2 + row * Math.sin(angle) + column * Math.cos(angle) + across);
      const isInside = from >= 0 && from < rows && to >= 0 && to < columns;
      return total + (isInside ? at(hu, from * columns + to) : -1000);
    }, 0);
    return Math.round(sum / moves.length);
  });
}

/** Edges three times as steep, and the noise that comes with them. */
function withBoneKernel({ hu, rows, columns, slice }: SlicePlace): Int16Array {
  const random = createRandom(slice).fork('kernel');
  const near = (row: number, column: number) =>
    at(hu, Math.min(Math.max(row, 0), rows - 1) * columns + Math.min(Math.max(column, 0), columns - 1));
  const reach = Math.max(1, Math.round(columns / 256));
  return hu.map((value, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const mean =
      (near(row - reach, column) +
        near(row + reach, column) +
        near(row, column - reach) +
        near(row, column + reach)) /
      4;
    return clipped(value + 2 * (value - mean) + random.normal(0, 30));
  });
}

function withNoise({ hu, slice }: SlicePlace): Int16Array {
  const random = createRandom(slice).fork('noise');
  return hu.map((value) => clipped(value + random.normal(0, 15)));
}

const clipped = (hu: number): number => Math.round(Math.min(Math.max(hu, -1024), 3071));

import { at } from '../../src/base/index.ts';
import { findBrain, grown, type Image, imageOf } from '../../src/phantom/index.ts';
import type { Findings } from '../../src/prediction/index.ts';
import { sliceHu, type Volume } from '../../src/volume/index.ts';

const SIDE = 256;
/** Of the maps of images of that side. */
const CELLS = 16;
/** The maps have no finer places than their cells: so many pixels are half of one. */
const HALF_CELL_PIXELS = 8;

/** Of the maps of any hemorrhage, each weighed by its slice's probability. */
export interface MapMass {
  readonly whole: number;
  /** Outside the inner table of the skull. */
  readonly outside: number;
  /** More than half a cell away from it. */
  readonly farOutside: number;
  /** On slices that show too little brain to say where its inner table is; not among the others. */
  readonly withoutBrain: number;
}

/** What is looked at of a prediction. */
export type JudgedFindings = Pick<Findings, 'slices' | 'heatMaps' | 'frame'>;

export const NO_MASS: MapMass = { whole: 0, outside: 0, farOutside: 0, withoutBrain: 0 };

export const addMass = (a: MapMass, b: MapMass): MapMass => ({
  whole: a.whole + b.whole,
  outside: a.outside + b.outside,
  farOutside: a.farOutside + b.farOutside,
  withoutBrain: a.withoutBrain + b.withoutBrain,
});

/** Of one series, maps drawn between the middles of their cells as displays do. */
export function massOutside(volume: Volume, { slices, heatMaps, frame }: JudgedFindings): MapMass {
  const maps = heatMaps.anyHemorrhage ?? new Float32Array();
  const cells = maps.length / volume.slices;
  return slices
    .map(({ anyHemorrhage: probability = 0 }, slice): MapMass => {
      const map = maps.subarray(slice * cells, (slice + 1) * cells);
      if (map.every((value) => value === 0)) return NO_MASS;
      const brain = findBrain(framed(volume, slice, frame));
      if (brain === undefined) return { ...NO_MASS, withoutBrain: probability };
      const near = grown(brain.mask, HALF_CELL_PIXELS);
      const drawn = drawnOver(map);
      const sumWhere = (holds: (pixel: number) => boolean): number =>
        drawn.reduce((sum, value, pixel) => (holds(pixel) ? sum + value : sum), 0);
      const share = probability / sumWhere(() => true);
      return {
        whole: probability,
        outside: share * sumWhere((pixel) => brain.mask.data[pixel] === 0),
        farOutside: share * sumWhere((pixel) => near.data[pixel] === 0),
        withoutBrain: 0,
      };
    })
    .reduce(addMass, NO_MASS);
}

/** The part of a slice that the CNN sees, in HU, at the middle of each of its pixels; air beyond the slice. */
function framed(volume: Volume, slice: number, frame: Findings['frame']): Image {
  const hu = sliceHu(volume, slice);
  return onFrame(volume, frame, (i) => (i < 0 ? -20 : Math.min(100, Math.max(-20, at(hu, i)))));
}

/** @param value of a pixel of the slice, or of -1 beyond it */
function onFrame(
  { rows, columns }: Pick<Volume, 'rows' | 'columns'>,
  frame: Findings['frame'],
  value: (pixel: number) => number,
): Image {
  const placeOf = (i: number, start: number, size: number): number =>
    Math.floor(start + ((i + 0.5) * size) / SIDE);
  return imageOf({ rows: SIDE, columns: SIDE }, (pixel) => {
    const row = placeOf(Math.floor(pixel / SIDE), frame.rowStart, frame.rowSize);
    const column = placeOf(pixel % SIDE, frame.columnStart, frame.columnSize);
    const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
    return value(isInside ? row * columns + column : -1);
  });
}

/**
 * What a model would find whose maps were the blood itself, as fine as their cells: each the share of its pixels that bleed, and a
 * slice that bleeds is sure. Of such cells no map can be truer.
 * @param mask [slices, rows, columns], 0 where there is no blood
 */
export function findingsOfBlood(volume: Volume, mask: Uint8Array, frame: Findings['frame']): JudgedFindings {
  const area = volume.rows * volume.columns;
  const maps = new Float32Array(volume.slices * CELLS ** 2);
  const slices = Array.from({ length: volume.slices }, (_, slice) => {
    const own = mask.subarray(slice * area, (slice + 1) * area);
    const blood = onFrame(volume, frame, (i) => Math.sign(own[i] ?? 0));
    for (const [pixel, isBlood] of blood.data.entries()) {
      const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
      const cell = Math.floor((row * CELLS) / SIDE) * CELLS + Math.floor((column * CELLS) / SIDE);
      maps[slice * CELLS ** 2 + cell] = at(maps, slice * CELLS ** 2 + cell) + isBlood;
    }
    return { anyHemorrhage: Number(own.some((value) => value > 0)) };
  });
  return { slices, heatMaps: { anyHemorrhage: maps }, frame };
}

/** A map of [cells, cells] on the pixels of the frame, bilinear. */
function drawnOver(map: Float32Array): Float32Array {
  const cells = Math.sqrt(map.length);
  const between = (i: number) => {
    const place = Math.min(cells - 1, Math.max(0, ((i + 0.5) * cells) / SIDE - 0.5));
    const low = Math.min(cells - 2, Math.floor(place));
    return { low, share: place - low };
  };
  return imageOf({ rows: SIDE, columns: SIDE }, (pixel) => {
    const [row, column] = [between(Math.floor(pixel / SIDE)), between(pixel % SIDE)];
    const across = (from: number): number =>
      at(map, from + column.low) * (1 - column.share) + at(map, from + column.low + 1) * column.share;
    return across(row.low * cells) * (1 - row.share) + across((row.low + 1) * cells) * row.share;
  }).data;
}

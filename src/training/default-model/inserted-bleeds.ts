import { HEMORRHAGE_CLASSES, HEMORRHAGE_SUBTYPE_NAMES, type Random } from '../../base/index.ts';
import { IMAGE_SIDE, PREPROCESSING } from '../../network/index.ts';
import { insertBleed } from '../../phantom/index.ts';

/** Prepared slices, HU above the floor, [slices, 256, 256], with six targets a slice. */
export interface PreparedSeries {
  readonly slices: Float32Array;
  readonly targets: readonly (readonly number[])[];
}

/** Parenchymal and epidural bleeds are drawn more often: they are the ones that real scans are tested on. */
const DRAWN = [
  ...HEMORRHAGE_SUBTYPE_NAMES,
  'intraparenchymal',
  'intraparenchymal',
  'epidural',
  'subarachnoid',
] as const;
/** 5 mm in pixels of a head of about 200 mm on 256 pixels: the series of ct-ich are about so far apart. */
const SLICE_STEP_PIXELS = 6.5;
const TRIES = 8;

/** A copy of a series without hemorrhage with one to `most` bleeds; unchanged where none finds a place. */
export function bleedingSeries(series: PreparedSeries, most: number, random: Random): PreparedSeries {
  const slices = series.slices.slice();
  const targets = series.targets.map((row) => [...row]);
  const wanted = random.integer(1, most);
  for (let placed = 0, tries = 0; placed < wanted && tries < TRIES; tries++) {
    if (insertInto(slices, targets, random.fork(`bleed ${tries}`))) placed++;
  }
  return { slices, targets };
}

function insertInto(slices: Float32Array, targets: number[][], random: Random): boolean {
  const subtype = random.pick(DRAWN);
  const floorHu = PREPROCESSING.head.floorHu;
  const size = IMAGE_SIDE ** 2;
  const images = targets.map((_, i) => ({
    rows: IMAGE_SIDE,
    columns: IMAGE_SIDE,
    data: slices.slice(i * size, (i + 1) * size).map((v) => v + floorHu),
  }));
  const insertion = insertBleed(images, { subtype, sliceStepPixels: SLICE_STEP_PIXELS, random });
  if (insertion === undefined) return false;
  for (const [slice, { hu }] of insertion.changed) {
    slices.set(
      hu.data.map((v) => Math.min(Math.max(v - floorHu, 0), 120)),
      slice * size,
    );
    const row = targets[slice] as number[];
    row[0] = 1;
    row[HEMORRHAGE_CLASSES.findIndex(({ name }) => name === subtype)] = 1;
  }
  return true;
}

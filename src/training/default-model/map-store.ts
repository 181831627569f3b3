import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { IchorError, type Random } from '../../base/index.ts';
import { type LabelledStudy, sliceLabelsOf } from '../../cohort/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import { agedSeries, openedSeries } from './aged-series.ts';
import { bleedCells } from './bleed-cells.ts';
import { addBlooming } from './blooming.ts';
import { bloodInBoxes } from './boxed-blood.ts';
import { stretchContrast } from './contrast.ts';
import { addCupping } from './cupping.ts';
import type { FrozenMaps } from './frozen-maps.ts';
import { bleedingSeries } from './inserted-bleeds.ts';
import { withBloodOf } from './moved-bleeds.ts';
import type { MaskedSeries, PreparedSeries } from './prepared-series.ts';
import type { Recipe } from './recipe.ts';
import { type CopyPlan, streamOf, targetsOf } from './series-copy.ts';
import { type SliceGrid, sliceGridOf } from './slice-grid.ts';
import { drawTransform } from './transform.ts';

/** One copy of a series: what the frozen convolutions gave for each slice, on disk, and the slices' targets. */
export interface KeptCopy {
  readonly study: LabelledStudy;
  readonly copy: CopyPlan;
  readonly file: string;
  /** Where the blood is by cells (bleedCells), on disk; absent where only the targets tell of it. */
  readonly cells?: string;
  /** Six a slice, in the order of HEMORRHAGE_CLASSES. */
  readonly targets: readonly (readonly number[])[];
}

export interface MapStore {
  /** The copy's maps: computed once, then found on disk. */
  keep(study: LabelledStudy, copy: CopyPlan): Promise<KeptCopy>;
}

export interface MapStoreParts {
  readonly folder: string;
  readonly frozen: FrozenMaps;
  readonly recipe: Recipe;
  readonly random: Random;
  /** HU above the floor, [slices, side, side]. */
  readonly prepared: (study: LabelledStudy) => Promise<Float32Array>;
  /** Of a study that has a mask or boxes, [slices, side, side]. */
  readonly preparedMask: (study: LabelledStudy) => Promise<Uint8Array>;
}

export function createMapStore({ folder, frozen, recipe, random, ...parts }: MapStoreParts): MapStore {
  const grid = sliceGridOf(recipe);
  const withBleeds = async (head: PreparedSeries, { bleeds, donor }: CopyPlan, stream: Random) => {
    if (!bleeds) return head;
    const own = head as MaskedSeries;
    if (donor === undefined) return bleedingSeries(own, recipe.mostBleeds, stream.fork('bleeds'));
    return withBloodOf(own, (await seriesOf(donor, grid, parts)) as MaskedSeries, stream.fork('moved'));
  };
  const keep = async (study: LabelledStudy, copy: CopyPlan): Promise<KeptCopy> => {
    const stem = path.join(folder, study.source, `${study.study}-${copy.name}`);
    const files = { file: `${stem}.raw`, ...(isMasked(study) && { cells: `${stem}.cells` }) };
    const known = await readTargets(`${stem}.json`);
    const isWhole = files.cells === undefined || existsSync(files.cells);
    if (known !== undefined && isWhole) return { study, copy, ...files, targets: known };
    const stream = streamOf(random, study, copy);
    const own = await seriesOf(study, grid, parts);
    const head = copy.form === 'transformed' ? agedSeries(own, study, stream) : own;
    const closed = await withBleeds(head, copy, stream);
    const { augmentation } = recipe;
    const transform = drawTransform(copy, augmentation, stream.fork('transform'));
    const openShare = copy.form === 'transformed' ? (augmentation.openSkullShare ?? 0) : 0;
    const series = openedSeries(closed, openShare, stream.fork('skull'));
    if (copy.form === 'transformed') {
      stretchContrast(series.slices, transform.contrast);
      addCupping(series, transform.cuppingHu, transform.cuppingReach);
      addBlooming(series, transform.blooming);
    }
    const maps = await frozen.run(series.slices, transform, stream.fork('noise'));
    await writeFileWhole(`${stem}.raw`, maps);
    if (series.mask !== undefined)
      await writeFileWhole(`${stem}.cells`, bleedCells(series.mask, transform.map, grid));
    await writeFileWhole(`${stem}.json`, JSON.stringify(series.targets));
    return { study, copy, ...files, targets: series.targets };
  };
  return { keep };
}

/** Whether it is known where blood is: by a mask, by boxes on some slices, or because there is none. */
const isMasked = (study: LabelledStudy): boolean =>
  study.loadMask !== undefined || study.boxes !== undefined || !study.subject.anyHemorrhage;

async function seriesOf(
  study: LabelledStudy,
  { side }: SliceGrid,
  { prepared, preparedMask }: Pick<MapStoreParts, 'prepared' | 'preparedMask'>,
): Promise<PreparedSeries> {
  const slices = await prepared(study);
  const series = { side, slices, targets: sliceLabelsOf(study).map(targetsOf) };
  if (!isMasked(study)) return series;
  if (!study.subject.anyHemorrhage) return { ...series, mask: new Uint8Array(slices.length) };
  const mask = await preparedMask(study);
  return { ...series, mask: study.loadMask === undefined ? bloodInBoxes(series, mask) : mask };
}

async function readTargets(file: string): Promise<number[][] | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as number[][];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Maps of a kept copy: of one slice, or of all where none is named. */
export function readMaps({ file, targets }: KeptCopy, { mapBytes }: SliceGrid, slice?: number) {
  const [first, count] = slice === undefined ? [0, targets.length] : [slice, 1];
  return readPart(file, first * mapBytes, count * mapBytes);
}

/** Cells of one slice of a kept copy, [6, side, side], 0 to 255; undefined where the blood's place is not known. */
export async function readCells(
  { cells }: KeptCopy,
  { cellBytes }: SliceGrid,
  slice: number,
): Promise<Uint8Array | undefined> {
  return cells === undefined ? undefined : await readPart(cells, slice * cellBytes, cellBytes);
}

async function readPart(file: string, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const handle = await open(file);
  try {
    const { bytesRead } = await handle.read(bytes, 0, length, start);
    if (bytesRead === bytes.length) return bytes;
    throw new IchorError(
      'maps-truncated',
      `${path.basename(file)} ends early: delete its folder and start again`,
    );
  } finally {
    await handle.close();
  }
}

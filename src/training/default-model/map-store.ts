import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { IchorError, type Random } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import { stretchContrast } from './contrast.ts';
import { addCupping } from './cupping.ts';
import { darkenedSeries } from './darkened-series.ts';
import type { FrozenMaps } from './frozen-maps.ts';
import { bleedingSeries } from './inserted-bleeds.ts';
import type { Recipe } from './recipe.ts';
import { type CopyPlan, streamOf, targetsOf } from './series-copy.ts';
import { drawTransform } from './transform.ts';

/** One copy of a series: what the frozen convolutions gave for each slice, on disk, and the slices' targets. */
export interface KeptCopy {
  readonly study: LabelledStudy;
  readonly copy: CopyPlan;
  readonly file: string;
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
  /** HU above the floor, [slices, 256, 256]. */
  readonly prepared: (study: LabelledStudy) => Promise<Float32Array>;
}

export function createMapStore({ folder, frozen, recipe, random, prepared }: MapStoreParts): MapStore {
  const keep = async (study: LabelledStudy, copy: CopyPlan): Promise<KeptCopy> => {
    const stem = path.join(folder, study.source, `${study.study}-${copy.name}`);
    const known = await readTargets(`${stem}.json`);
    if (known !== undefined) return { study, copy, file: `${stem}.raw`, targets: known };
    const stream = streamOf(random, study, copy);
    const own = { slices: await prepared(study), targets: study.slices.map(targetsOf) };
    const head = copy.form === 'transformed' ? darkenedSeries(own, stream.fork('dark areas')) : own;
    const series = copy.bleeds ? bleedingSeries(head, recipe.mostBleeds, stream.fork('bleeds')) : head;
    const transform = drawTransform(copy, recipe.augmentation, stream.fork('transform'));
    if (copy.form === 'transformed') {
      stretchContrast(series.slices, transform.contrast);
      addCupping(series.slices, transform.cuppingHu, transform.cuppingReach);
    }
    const maps = await frozen.run(series.slices, transform, stream.fork('noise'));
    await mkdir(path.dirname(stem), { recursive: true });
    await writeWhole(`${stem}.raw`, maps);
    await writeWhole(`${stem}.json`, JSON.stringify(series.targets));
    return { study, copy, file: `${stem}.raw`, targets: series.targets };
  };
  return { keep };
}

async function readTargets(file: string): Promise<number[][] | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as number[][];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, content);
  await rename(partial, file);
}

/** Slices of a kept copy: of one, or of all where none is named. */
export async function readMaps(
  { file, targets }: KeptCopy,
  sliceBytes: number,
  slice?: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(sliceBytes * (slice === undefined ? targets.length : 1));
  const handle = await open(file);
  try {
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, (slice ?? 0) * sliceBytes);
    if (bytesRead === bytes.length) return bytes;
    throw new IchorError(
      'maps-truncated',
      `${path.basename(file)} ends early: delete its folder and start again`,
    );
  } finally {
    await handle.close();
  }
}

import { at, type Random, type Tensor } from '../../base/index.ts';
import { MOBILENET_SETTINGS } from '../../network/index.ts';
import { dropoutMask } from '../common/feeds.ts';
import { type KeptCopy, readCells, readMaps } from './map-store.ts';
import type { WarmUpSettings } from './recipe.ts';
import { PHANTOM_SOURCE } from './series-copy.ts';
import type { SliceGrid } from './slice-grid.ts';
import { stepFeeds } from './warm-up-graph.ts';

export interface BatchMaterial {
  /** Of patients and of phantoms. */
  readonly copies: readonly KeptCopy[];
  /** Of phantoms with little noise, where the settings take any. */
  readonly quietCopies?: readonly KeptCopy[];
}

/** Draws batches of slices with real hemorrhage, with inserted bleeds, of both kinds of phantoms, and without any. */
export function createBatches(
  material: BatchMaterial,
  settings: WarmUpSettings,
  grid: SliceGrid,
  random: Random,
): () => Promise<Record<string, Tensor>> {
  const { mapBytes, cellBytes } = grid;
  const drawSlice = createSliceDraw(material, settings, random);
  return async () => {
    const drawn = Array.from({ length: settings.batch }, (_, i) => drawSlice(i));
    const maps = new Uint8Array(drawn.length * mapBytes);
    const cells = new Uint8Array(drawn.length * cellBytes);
    const known: number[] = [];
    for (const [i, { kept, slice }] of drawn.entries()) {
      maps.set(await readMaps(kept, grid, slice), i * mapBytes);
      const blood = await readCells(kept, grid, slice);
      if (blood !== undefined) cells.set(blood, i * cellBytes);
      known.push(...at(kept.targets, slice).map((target, place) => knownCells(blood, grid, place, target)));
    }
    const targets = Float32Array.from(drawn.flatMap(({ kept, slice }) => at(kept.targets, slice)));
    const { data: mask } = dropoutMask([drawn.length, MOBILENET_SETTINGS.features], settings.dropout, random);
    return stepFeeds({ maps, targets, cells, known: Float32Array.from(known), kept: mask }, grid);
  };
}

/** Of a class that the slice has they are known where some of them bleed; of one that it has not, none does. */
function knownCells(
  blood: Uint8Array | undefined,
  { cellBytes, cellsShape: [classes] }: SliceGrid,
  place: number,
  target: number,
): number {
  const size = cellBytes / classes;
  const own = blood?.subarray(place * size, (place + 1) * size) ?? [];
  return target === 0 || own.some((cell) => cell > 0) ? 1 : 0;
}

interface DrawnSlice {
  readonly kept: KeptCopy;
  readonly slice: number;
  readonly bleeds: boolean;
}

/** The slice at a place of a batch: real bleeds first, then inserted ones, phantoms of both kinds, and healthy ones. */
function createSliceDraw(
  { copies, quietCopies = [] }: BatchMaterial,
  { real, inserted, phantoms, quiet = 0 }: WarmUpSettings,
  random: Random,
): (place: number) => DrawnSlice {
  const slices = slicesOf(copies);
  const isPhantom = ({ kept }: DrawnSlice) => kept.study.source === PHANTOM_SOURCE;
  const own = slices.filter((s) => !isPhantom(s));
  // Those of copies with inserted bleeds as well: how a copy was transformed must not tell whether it bleeds
  const healthy = own.filter((s) => !s.bleeds);
  const orHealthy = (choices: readonly DrawnSlice[]) => (choices.length > 0 ? choices : healthy);
  const drawReal = drawByPatient(orHealthy(own.filter((s) => s.bleeds && !s.kept.copy.bleeds)), random);
  const withInserted = orHealthy(own.filter((s) => s.bleeds && s.kept.copy.bleeds));
  const halfBleeding = (choices: readonly DrawnSlice[]) => {
    const drawBleeding = drawByPatient(orHealthy(choices.filter((s) => s.bleeds)), random);
    const without = orHealthy(choices.filter((s) => !s.bleeds));
    return () => (random.chance(0.5) ? drawBleeding() : random.pick(without));
  };
  const kinds = [
    { count: real, draw: drawReal },
    { count: inserted, draw: () => random.pick(withInserted) },
    { count: phantoms, draw: halfBleeding(slices.filter(isPhantom)) },
    { count: quiet, draw: halfBleeding(slicesOf(quietCopies)) },
  ];
  const places = kinds.flatMap(({ count, draw }) => Array.from({ length: count }, () => draw));
  return (place) => places[place]?.() ?? random.pick(healthy);
}

const slicesOf = (copies: readonly KeptCopy[]): DrawnSlice[] =>
  copies.flatMap((kept) => kept.targets.map((row, slice) => ({ kept, slice, bleeds: row[0] === 1 })));

/** A patient's chance grows with the root of its bleeding slices: long bleeds do not drown the short ones. */
function drawByPatient(slices: readonly DrawnSlice[], random: Random): () => DrawnSlice {
  const byPatient = Map.groupBy(slices, (s) => s.kept.study.patient);
  const patients = [...byPatient.keys()];
  const roots = patients.map((p) => Math.sqrt(byPatient.get(p)?.length ?? 0));
  return () => random.pick(byPatient.get(pickWeighted(patients, roots, random)) ?? slices);
}

export function pickWeighted<T>(choices: readonly T[], weights: readonly number[], random: Random): T {
  let left = random.uniform(
    0,
    weights.reduce((a, b) => a + b, 0),
  );
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return at(choices, i);
  }
  return choices.at(-1) as T;
}

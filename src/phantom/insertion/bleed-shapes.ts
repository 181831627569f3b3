import type { HemorrhageSubtypeName, Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import type { BrainSlice } from './brain.ts';
import { countPixels, type Image, imageOf, maskOf, type PixelMask, pixelUnit, smooth } from './image.ts';
import { grown, largestRegion, opened } from './regions.ts';

/** A bleed as drawn once for a whole series. */
export interface BleedShape {
  /** How far it reaches on either side of its own slice, in pixels. */
  readonly reachPixels: number;
  /** Where it lies on a slice; `share` is 1 on its own slice and falls to 0 at its ends. */
  on(brain: BrainSlice, share: number): PixelMask;
  /** How far oedema reaches beyond it, as a share of its size; 0 for none. */
  readonly oedema: number;
  readonly hu: number;
}

type ShapeMaker = (brain: BrainSlice, random: Random) => BleedShape | undefined;

/** One row a subtype: the compartment it keeps to and the form it takes there. */
export const BLEED_SHAPES: Readonly<Record<HemorrhageSubtypeName, ShapeMaker>> = {
  intraparenchymal: blob,
  intraventricular: ventricularLayer,
  subdural: (brain, random) => rimOf(brain, random, CRESCENT),
  epidural: (brain, random) => rimOf(brain, random, LENS),
  subarachnoid: sulcalBlood,
};

const freshHu = (random: Random): number => random.uniform(52, 82);

/** A rounded blob, away from the skull, from 3 pixels to a third of the brain's radius; small ones as often as large. */
function blob(brain: BrainSlice, random: Random): BleedShape | undefined {
  const unit = pixelUnit(brain.hu);
  const candidates = [...brain.depth.keys()].filter((i) => at(brain.depth, i) > 5 * unit);
  if (candidates.length === 0) return undefined;
  const place = random.pick(candidates);
  const row = Math.floor(place / brain.hu.columns);
  const column = place % brain.hu.columns;
  const radius = Math.exp(random.uniform(Math.log(3 * unit), Math.log(0.35 * brain.centre.radius)));
  const aspect = random.uniform(0.6, 1);
  const turn = random.uniform(0, Math.PI);
  const rough = roughness(brain.hu, random, Math.max(2 * unit, radius / 2.5));
  const radiusAt = (i: number): number => {
    const down = Math.floor(i / brain.hu.columns) - row;
    const along = (i % brain.hu.columns) - column;
    const u = (down * Math.cos(turn) + along * Math.sin(turn)) / radius;
    const v = (along * Math.cos(turn) - down * Math.sin(turn)) / (radius * aspect);
    return Math.hypot(u, v) + 0.15 * at(rough.data, i);
  };
  return {
    reachPixels: radius * random.uniform(0.8, 1.2),
    oedema: random.chance(0.6) ? random.uniform(0.2, 0.8) : 0,
    hu: freshHu(random),
    on: (slice, share) => maskOf(slice.hu, (i) => slice.mask.data[i] === 1 && radiusAt(i) < share),
  };
}

interface RimForm {
  /** Half of its opening, radians, seen from the brain's centre. */
  readonly halfAngle: readonly [number, number];
  /** Largest thickness as a share of the brain's radius. */
  readonly thickness: readonly [number, number];
  readonly profile: (place: number) => number;
}
/** Epidural: short and thick, its ends held by sutures. */
const LENS: RimForm = { halfAngle: [0.25, 0.65], thickness: [0.06, 0.25], profile: (x) => 1 - x * x };
/** Subdural: long and thin, across sutures. */
const CRESCENT: RimForm = {
  halfAngle: [0.6, 1.6],
  thickness: [0.035, 0.12],
  profile: (x) => Math.sqrt(1 - x * x),
};

/** Blood between skull and brain. */
function rimOf({ hu, centre }: BrainSlice, random: Random, form: RimForm): BleedShape {
  const towards = random.uniform(-Math.PI, Math.PI);
  const half = random.uniform(...form.halfAngle);
  const thickness = random.uniform(...form.thickness) * centre.radius;
  const rough = roughness(hu, random, 8 * pixelUnit(hu));
  const on = (slice: BrainSlice, share: number): PixelMask =>
    maskOf(slice.hu, (i) => {
      if (slice.mask.data[i] !== 1) return false;
      const away = angleBetween(angleOf(slice, i), towards) / (half * share);
      if (away >= 1) return false;
      const here = thickness * share * form.profile(away) * (1 + 0.15 * at(rough.data, i));
      return at(slice.depth, i) < here;
    });
  return { reachPixels: half * centre.radius * random.uniform(0.6, 1), oedema: 0, hu: freshHu(random), on };
}

const angleOf = ({ hu, centre }: BrainSlice, i: number): number =>
  Math.atan2(Math.floor(i / hu.columns) - centre.row, (i % hu.columns) - centre.column);

function angleBetween(a: number, b: number): number {
  const difference = Math.abs(a - b) % (2 * Math.PI);
  return Math.min(difference, 2 * Math.PI - difference);
}

/** Dark and deep: the ventricles. Blood sinks to the back, which is down on the slice. */
function ventricularLayer(brain: BrainSlice, random: Random): BleedShape | undefined {
  const depthShare = random.uniform(0, 0.7);
  const on = (slice: BrainSlice, share: number): PixelMask => {
    const region = share > 0 ? ventricleOf(slice) : undefined;
    if (region === undefined) return maskOf(slice.hu, () => false);
    const rows = [...region.data.keys()]
      .filter((i) => region.data[i])
      .map((i) => Math.floor(i / region.columns));
    const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
    const level = top + (bottom - top) * depthShare;
    return maskOf(slice.hu, (i) => region.data[i] === 1 && Math.floor(i / region.columns) >= level);
  };
  if (ventricleOf(brain) === undefined) return undefined;
  return { reachPixels: random.uniform(6, 30) * pixelUnit(brain.hu), oedema: 0, hu: freshHu(random), on };
}

const CSF_BELOW_HU = 23;
/** Pixels of a 256 x 256 slice: smaller is noise, larger is no ventricle. */
const VENTRICLE_PIXELS = [40, 2500] as const;

/** The ventricle that stands alone and deep on a slice, the largest; undefined where there is none. */
export function ventricleOf(brain: BrainSlice): PixelMask | undefined {
  const unit = pixelUnit(brain.hu);
  const deep = maskOf(brain.hu, (i) => isCsf(brain, i) && at(brain.depth, i) > 0.3 * brain.centre.radius);
  const region = largestRegion(opened(deep, unit));
  const size = region === undefined ? 0 : countPixels(region) / unit ** 2;
  return size >= VENTRICLE_PIXELS[0] && size <= VENTRICLE_PIXELS[1] ? region : undefined;
}

const isCsf = ({ smoothHu, hu, mask }: BrainSlice, i: number): boolean =>
  mask.data[i] === 1 && at(smoothHu.data, i) < CSF_BELOW_HU && at(hu.data, i) > -15;

/** Thin blood where CSF was, in a part of the sulci and cisterns. */
function sulcalBlood(brain: BrainSlice, random: Random): BleedShape | undefined {
  const inside = [...brain.mask.data.keys()].filter((i) => brain.mask.data[i]);
  const place = random.pick(inside);
  const row = Math.floor(place / brain.hu.columns);
  const column = place % brain.hu.columns;
  const reach = random.uniform(0.3, 0.9) * brain.centre.radius;
  const rough = roughness(brain.hu, random, 10 * pixelUnit(brain.hu));
  const swelling = random.integer(0, 1);
  const nearness = (i: number): number => {
    const distance = Math.hypot(Math.floor(i / brain.hu.columns) - row, (i % brain.hu.columns) - column);
    return Math.exp(-((1.5 * distance) ** 2) / (2 * reach ** 2)) + 0.2 * at(rough.data, i);
  };
  const on = (slice: BrainSlice, share: number): PixelMask => {
    const blood = maskOf(slice.hu, (i) => isCsf(slice, i) && nearness(i) * share > 0.4);
    const thick = swelling === 0 ? blood : grown(blood, swelling * pixelUnit(slice.hu));
    return maskOf(slice.hu, (i) => thick.data[i] === 1 && slice.mask.data[i] === 1);
  };
  return { reachPixels: reach * random.uniform(0.4, 0.9), oedema: 0, hu: random.uniform(48, 68), on };
}

/** Smooth noise of mean 0 and deviation 1: what makes an edge uneven. */
export function roughness({ rows, columns }: Image, random: Random, grain: number): Image {
  const coarse = { rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 2) };
  const noise = smooth(
    imageOf(coarse, () => random.normal()),
    grain / 2,
  );
  const deviation = Math.sqrt(noise.data.reduce((sum, v) => sum + v * v, 0) / noise.data.length);
  return imageOf({ rows, columns }, (i) => {
    const place = Math.floor(i / columns / 2) * coarse.columns + Math.floor((i % columns) / 2);
    return at(noise.data, place) / deviation;
  });
}

import type { Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import { ventricleOf } from './bleed-shapes.ts';
import { type BrainSlice, type Brains, type FindingOptions, findBrain, pickSlice } from './brain.ts';
import { type Image, imageOf, type PixelMask, pixelUnit, rising } from './image.ts';

/** Where one lies, and how far it reaches, pixels of a slice. */
interface Spot {
  readonly row: number;
  readonly column: number;
  readonly down: number;
  readonly across: number;
}

interface Calcification {
  readonly slice: number;
  /** To either side of its own slice, pixels. */
  readonly reach: number;
  readonly hu: number;
  readonly spots: readonly Spot[];
}

/** A place that calcifies with age, or by chance. */
interface Site {
  /** Shares of the way up the head between which it is met. */
  readonly heights: readonly [number, number];
  spots(brain: BrainSlice, random: Random): readonly Spot[];
}

const SITES: readonly Site[] = [
  { heights: [0.3, 0.8], spots: plexus },
  { heights: [0.25, 0.7], spots: pineal },
  { heights: [0.25, 0.7], spots: globusPallidus },
  { heights: [0.5, 1], spots: falx },
  { heights: [0.1, 1], spots: anywhere },
];
const MOST = 3;
/** The densest part; small ones come out fainter, as blurred over the pixels about them. */
const HU = [75, 300] as const;
/** Share of the radius over which a spot fades. */
const EDGE = 1.2;

/**
 * Puts one to three calcifications into a series: choroid plexus, pineal gland, globus pallidus, falx, or a granuloma.
 * They are common, brighter than blood at their heart and like it at their rim, and no hemorrhage. Slices of HU as for
 * insertBleed.
 */
export function addCalcifications(
  slices: readonly Image[],
  { sliceStepPixels, random }: FindingOptions,
): Image[] {
  const brains = slices.map(findBrain);
  const wanted = random.integer(1, MOST);
  const found = Array.from({ length: wanted }, (_, i) => drawOne(brains, random.fork(`calcification ${i}`)));
  const calcifications = found.filter((one) => one !== undefined);
  return slices.map((hu, slice) => {
    const brain = brains[slice];
    const here = calcifications.filter((one) => Math.abs(slice - one.slice) * sliceStepPixels < one.reach);
    if (brain === undefined || here.length === 0) return hu;
    return imageOf(hu, (i) => {
      const own = at(hu.data, i);
      if (brain.mask.data[i] !== 1) return own;
      return here.reduce((value, one) => {
        const share = weightOf(one, i, hu.columns, (slice - one.slice) * sliceStepPixels);
        return value + share * Math.max(0, one.hu - value);
      }, own);
    });
  });
}

function drawOne(brains: Brains, random: Random): Calcification | undefined {
  const { heights, spots } = random.pick(SITES);
  const slice = pickSlice(brains, random, heights);
  const brain = slice === undefined ? undefined : brains[slice];
  if (slice === undefined || brain === undefined) return undefined;
  const hu = Math.exp(random.uniform(Math.log(HU[0]), Math.log(HU[1])));
  return { slice, reach: random.uniform(2, 9) * pixelUnit(brain.hu), hu, spots: spots(brain, random) };
}

function weightOf({ spots, reach }: Calcification, i: number, columns: number, above: number): number {
  const [row, column] = [Math.floor(i / columns), i % columns];
  const distances = spots.map((spot) =>
    Math.hypot((row - spot.row) / spot.down, (column - spot.column) / spot.across, above / reach),
  );
  return rising((1 + EDGE / 2 - Math.min(...distances)) / EDGE);
}

/** In the ventricles, one or both. */
function plexus(brain: BrainSlice, random: Random): readonly Spot[] {
  const ventricle = ventricleOf(brain);
  if (ventricle === undefined) return [];
  const places = [...ventricle.data.keys()].filter((i) => ventricle.data[i] === 1);
  return Array.from({ length: random.integer(1, 2) }, () => {
    const place = random.pick(places);
    return spot(ventricle, place, random, [1.5, 5]);
  });
}

function pineal({ hu, centre }: BrainSlice, random: Random): readonly Spot[] {
  const unit = pixelUnit(hu);
  const row = centre.row + random.uniform(0.05, 0.35) * centre.radius;
  return [spotAt(row, centre.column + random.uniform(-4, 4) * unit, random, [1.2 * unit, 4 * unit])];
}

function globusPallidus({ hu, centre }: BrainSlice, random: Random): readonly Spot[] {
  const unit = pixelUnit(hu);
  const row = centre.row - random.uniform(-0.05, 0.25) * centre.radius;
  const away = random.uniform(0.18, 0.32) * centre.radius;
  const both = [-away, away].map((side) => spotAt(row, centre.column + side, random, [1.5 * unit, 5 * unit]));
  return random.chance(0.7) ? both : both.slice(1);
}

/** A streak along the midline, in front or behind. */
function falx({ hu, centre }: BrainSlice, random: Random): readonly Spot[] {
  const unit = pixelUnit(hu);
  const away = random.uniform(0.3, 0.95) * centre.radius * (random.chance(0.7) ? -1 : 1);
  const streak = { down: random.uniform(4, 14) * unit, across: random.uniform(1, 2.2) * unit };
  return [{ row: centre.row + away, column: centre.column + random.uniform(-3, 3) * unit, ...streak }];
}

function anywhere({ mask }: BrainSlice, random: Random): readonly Spot[] {
  const place = random.pick([...mask.data.keys()].filter((i) => mask.data[i] === 1));
  return [spot(mask, place, random, [1.2, 3.5])];
}

/** About a pixel of a mask; the size in pixels of 256 x 256. */
function spot(
  mask: PixelMask,
  place: number,
  random: Random,
  [least, most]: readonly [number, number],
): Spot {
  const unit = pixelUnit(mask);
  const [row, column] = [Math.floor(place / mask.columns), place % mask.columns];
  return spotAt(row, column, random, [least * unit, most * unit]);
}

function spotAt(row: number, column: number, random: Random, size: readonly [number, number]): Spot {
  return { row, column, down: random.uniform(...size), across: random.uniform(...size) };
}

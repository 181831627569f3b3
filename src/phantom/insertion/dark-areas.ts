import type { Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import { roughness } from './bleed-shapes.ts';
import { type BrainSlice, type Brains, type FindingOptions, findBrain, pickSlice } from './brain.ts';
import { type Image, imageOf, pixelUnit, rising } from './image.ts';

/** How much of the darkening a pixel gets, 0 to 1, on a slice so many pixels above the middle of the area. */
interface DarkArea {
  readonly slice: number;
  readonly darkerByHu: number;
  weight(brain: BrainSlice, abovePixels: number): (pixel: number) => number;
}

const INFARCT_CHANCE = 0.6;
const WHITE_MATTER_CHANCE = 0.6;
/** An old infarct ends as CSF. */
export const CSF_HU = 8;
/** What is so bright is left as it is: blood, calcification. From `full` HU downwards everything gets darker. */
export const BRIGHT = { full: 46, none: 56 } as const;

/**
 * Darkens brain as old infarcts and small-vessel disease of the white matter do: common in the elderly, no hemorrhage,
 * and what is left beside it looks bright. Slices of HU as for insertBleed; the same slices where no area finds a place.
 */
export function addDarkAreas(slices: readonly Image[], { sliceStepPixels, random }: FindingOptions): Image[] {
  const brains = slices.map(findBrain);
  const areas = [
    random.chance(INFARCT_CHANCE) ? infarct(brains, random.fork('infarct')) : undefined,
    random.chance(WHITE_MATTER_CHANCE) ? whiteMatterDisease(brains, random.fork('white matter')) : undefined,
  ].filter((area) => area !== undefined);
  return slices.map((hu, slice) => {
    const brain = brains[slice];
    if (brain === undefined) return hu;
    const darkening = areas.map((area) => {
      const weight = area.weight(brain, (slice - area.slice) * sliceStepPixels);
      return (i: number) => area.darkerByHu * weight(i);
    });
    return imageOf(hu, (i) => {
      const own = at(hu.data, i);
      if (brain.mask.data[i] !== 1) return own;
      const smoothHu = at(brain.smoothHu.data, i);
      const wished = darkening.reduce((sum, by) => sum + by(i), 0);
      const spared = rising((BRIGHT.none - smoothHu) / (BRIGHT.none - BRIGHT.full));
      return own - Math.min(wished * spared, Math.max(0, smoothHu - CSF_HU));
    });
  });
}

/** A territory at the brain's edge, or a lacune. */
function infarct(brains: Brains, random: Random): DarkArea | undefined {
  const slice = pickSlice(brains, random, [0, 1]);
  const brain = slice === undefined ? undefined : brains[slice];
  if (slice === undefined || brain === undefined) return undefined;
  const { columns } = brain.hu;
  const place = random.pick([...brain.mask.data.keys()].filter((i) => brain.mask.data[i] === 1));
  const [row, column] = [Math.floor(place / columns), place % columns];
  const radius = Math.exp(random.uniform(Math.log(0.06), Math.log(0.5))) * brain.centre.radius;
  const aspect = random.uniform(0.5, 1);
  const turn = random.uniform(0, Math.PI);
  const rough = roughness(brain.hu, random, Math.max(3 * pixelUnit(brain.hu), radius / 3));
  const softness = random.uniform(0.1, 0.5);
  return {
    slice,
    darkerByHu: random.uniform(5, 28),
    weight: (_, above) => (i) => {
      const down = Math.floor(i / columns) - row;
      const along = (i % columns) - column;
      const u = down * Math.cos(turn) + along * Math.sin(turn);
      const v = (along * Math.cos(turn) - down * Math.sin(turn)) / aspect;
      const distance = Math.hypot(u, v, above) / radius + 0.2 * at(rough.data, i);
      return rising((1 - distance) / softness);
    },
  };
}

/** Both sides, deep, most of it above the ventricles. */
function whiteMatterDisease(brains: Brains, random: Random): DarkArea | undefined {
  const slice = pickSlice(brains, random, [0.4, 0.85]);
  const brain = slice === undefined ? undefined : brains[slice];
  if (slice === undefined || brain === undefined) return undefined;
  const unit = pixelUnit(brain.hu);
  const reachPixels = random.uniform(12, 35) * unit;
  const from = random.uniform(0.2, 0.4);
  const rough = roughness(brain.hu, random, 7 * unit);
  return {
    slice,
    darkerByHu: random.uniform(3, 11),
    weight: ({ depth, centre }, above) => {
      const here = Math.exp(-0.5 * (above / reachPixels) ** 2);
      return (i) => {
        const deep = at(depth, i) / centre.radius - from;
        return here * rising(deep / 0.2) * Math.max(0, 1 + 0.4 * at(rough.data, i));
      };
    },
  };
}

import type { Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import { roughness } from './bleed-shapes.ts';
import { type BrainSlice, type FindingOptions, findBrain, pickSlice } from './brain.ts';
import { BRIGHT, CSF_HU } from './dark-areas.ts';
import { type Image, imageOf, pixelUnit, rising } from './image.ts';

/** A ball about a place of the inner table, within which bone is gone. */
interface SkullDefect {
  readonly slice: number;
  readonly row: number;
  readonly column: number;
  /** Pixels of a slice. */
  readonly radius: number;
  readonly flapHu: number;
  /** Of the brain beneath, as far as `scarReach` radii. */
  readonly darkerByHu: number;
  readonly scarReach: number;
}

/** Shares of the way up the head between which a skull is opened. */
const HEIGHTS = [0.45, 0.95] as const;
/** Radius in radii of the brain: from a burr hole to a hemicraniectomy. */
const RADII = [0.08, 0.6] as const;
/** Scalp, muscle, a graft, CSF: what lies where bone was. */
const FLAP_HU = [12, 45] as const;
/** The brain beneath an old opening is often lost. */
const SCAR_CHANCE = 0.5;
const SCAR_HU = [4, 25] as const;
/** Pixels of 256 x 256 beside the inner table that are partly bone. */
const RIM = 2;
/** Pixels of 256 x 256 over which bone ends. */
const EDGE = 2.5;
/** Air beside the head is left as it is. */
const AIR_HU = -15;

/**
 * Opens the skull at one place, as burr holes, craniotomies and craniectomies do: soft tissue lies where bone was, and often
 * the brain beneath is dark. No hemorrhage, although bone that ends looks like blood. Slices of HU as for insertBleed; the same
 * slices where no brain is found.
 */
export function openSkull(slices: readonly Image[], { sliceStepPixels, random }: FindingOptions): Image[] {
  const brains = slices.map(findBrain);
  const slice = pickSlice(brains, random, HEIGHTS);
  const brain = slice === undefined ? undefined : brains[slice];
  if (slice === undefined || brain === undefined) return [...slices];
  const defect = drawDefect(slice, brain, random);
  const rough = roughness(brain.hu, random, 4 * pixelUnit(brain.hu));
  const noise = roughness(brain.hu, random, 2);
  const noiseHu = noiseOf(brain);
  return slices.map((hu, place) => {
    const above = (place - defect.slice) * sliceStepPixels;
    if (Math.abs(above) > defect.radius * Math.max(1, defect.scarReach) + EDGE) return hu;
    const inside = brains[place];
    return imageOf(hu, (i) => {
      const own = at(hu.data, i);
      const away = distanceTo(defect, i, hu.columns, above) + 2 * at(rough.data, i) * pixelUnit(hu);
      if (inside && at(inside.depth, i) > RIM * pixelUnit(hu))
        return own - scarred(defect, away, at(inside.smoothHu.data, i));
      const flap = defect.flapHu + noiseHu * at(noise.data, i);
      if (own <= Math.max(AIR_HU, flap)) return own;
      return own + rising((defect.radius - away) / (EDGE * pixelUnit(hu)) + 0.5) * (flap - own);
    });
  });
}

function drawDefect(slice: number, { hu, mask, depth, centre }: BrainSlice, random: Random): SkullDefect {
  const rim = [...mask.data.keys()].filter((i) => mask.data[i] === 1 && at(depth, i) <= RIM * pixelUnit(hu));
  const place = random.pick(rim);
  const [smallest, largest] = RADII;
  return {
    slice,
    row: Math.floor(place / hu.columns),
    column: place % hu.columns,
    radius: Math.exp(random.uniform(Math.log(smallest), Math.log(largest))) * centre.radius,
    flapHu: random.uniform(...FLAP_HU),
    darkerByHu: random.chance(SCAR_CHANCE) ? random.uniform(...SCAR_HU) : 0,
    scarReach: random.uniform(0.5, 1.3),
  };
}

function distanceTo({ row, column }: SkullDefect, i: number, columns: number, above: number): number {
  return Math.hypot(Math.floor(i / columns) - row, (i % columns) - column, above);
}

/** By how many HU brain gets darker. */
function scarred({ darkerByHu, scarReach, radius }: SkullDefect, away: number, smoothHu: number): number {
  const share = rising((scarReach * radius - away) / (0.4 * radius));
  const spared = rising((BRIGHT.none - smoothHu) / (BRIGHT.none - BRIGHT.full));
  return Math.min(darkerByHu * share * spared, Math.max(0, smoothHu - CSF_HU));
}

/** Deviation of the noise in a slice's brain. */
function noiseOf({ hu, smoothHu, mask }: BrainSlice): number {
  const squares = [...mask.data.keys()]
    .filter((i) => mask.data[i] === 1)
    .map((i) => (at(hu.data, i) - at(smoothHu.data, i)) ** 2);
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
}

import type { HemorrhageSubtypeName, Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import { BLEED_SHAPES, type BleedShape, roughness } from './bleed-shapes.ts';
import { type BrainSlice, type FindingOptions, findBrain } from './brain.ts';
import { countPixels, type Image, imageOf, maskOf, type PixelMask, pixelUnit, smooth } from './image.ts';

export interface InsertionOptions extends FindingOptions {
  readonly subtype: HemorrhageSubtypeName;
}

export interface Insertion {
  /** The slices that changed, by their index. */
  readonly changed: ReadonlyMap<number, { readonly hu: Image; readonly mask: PixelMask }>;
}

/** A slice with fewer pixels of blood than this, of 256 x 256, is left as it was: nobody would see it. */
const VISIBLE_PIXELS = 12;
/** Blood is at least this much brighter than what it replaces. */
const LEAST_CONTRAST_HU = 12;

/**
 * Puts one bleed into a real series without hemorrhage: slices of HU, the head filling most of each,
 * inferior to superior; images that stop at -20 and 100 HU serve as well. The bleed keeps to its compartment, which is
 * found from the slices' own HU, and to the noise of the scan. Undefined where the series offers no place for it.
 */
export function insertBleed(slices: readonly Image[], options: InsertionOptions): Insertion | undefined {
  const { random } = options;
  const brains = new Map<number, BrainSlice | undefined>();
  const brainOf = (slice: number): BrainSlice | undefined => {
    if (!brains.has(slice)) brains.set(slice, findBrain(at(slices, slice)));
    return brains.get(slice);
  };
  const own = random.integer(0, slices.length - 1);
  const brain = brainOf(own);
  const shape = brain && BLEED_SHAPES[options.subtype](brain, random);
  if (shape === undefined) return undefined;
  const changed = new Map<number, { hu: Image; mask: PixelMask }>();
  const reach = shape.reachPixels / options.sliceStepPixels;
  for (let slice = Math.ceil(own - reach); slice <= own + reach; slice++) {
    const here = slices[slice] === undefined ? undefined : brainOf(slice);
    if (here === undefined) continue;
    const share = Math.sqrt(1 - ((slice - own) / Math.max(reach, 1)) ** 2);
    const mask = shape.on(here, share);
    if (countPixels(mask) >= VISIBLE_PIXELS * pixelUnit(mask) ** 2)
      changed.set(slice, { hu: paint(here, shape, mask, share, random), mask });
  }
  return changed.size > 0 ? { changed } : undefined;
}

/** The slice with blood where the mask says, its edge as soft and its grain as rough as the scan's own. */
function paint(brain: BrainSlice, shape: BleedShape, mask: PixelMask, share: number, random: Random): Image {
  const { hu, smoothHu } = brain;
  const unit = pixelUnit(hu);
  const weight = smooth(
    imageOf(hu, (i) => at(mask.data, i)),
    random.uniform(0.6, 1.2) * unit,
  );
  const uneven = roughness(hu, random, 3 * unit);
  const unevenHu = random.uniform(0, 3);
  const rim = shape.oedema > 0 ? smooth(rimAround(brain, shape, mask, share), 1.5 * unit) : undefined;
  const rimHu = random.uniform(4, 12);
  return imageOf(hu, (i) => {
    if (brain.mask.data[i] !== 1) return at(hu.data, i);
    const tissue = at(hu.data, i) - (rim ? rimHu * at(rim.data, i) : 0);
    const within = at(weight.data, i);
    const fresh = shape.hu + unevenHu * at(uneven.data, i);
    const blood = Math.max(fresh, at(smoothHu.data, i) + LEAST_CONTRAST_HU);
    const grain = at(hu.data, i) - at(smoothHu.data, i);
    return tissue * (1 - within) + within * (blood + grain);
  });
}

function rimAround(brain: BrainSlice, shape: BleedShape, mask: PixelMask, share: number): Image {
  const wide = shape.on(brain, share * (1 + shape.oedema));
  const rim = maskOf(brain.hu, (i) => wide.data[i] === 1 && mask.data[i] !== 1);
  return imageOf(brain.hu, (i) => at(rim.data, i));
}

import { at, HEMORRHAGE_CLASSES, HEMORRHAGE_SUBTYPE_NAMES, type Random } from '../../base/index.ts';
import { insertBleed } from '../../phantom/index.ts';
import { imagesOf, type MaskedSeries, putImage, sliceStepPixels } from './prepared-series.ts';

/** Parenchymal and epidural bleeds are drawn more often: they are the ones that real scans are tested on. */
const DRAWN = [
  ...HEMORRHAGE_SUBTYPE_NAMES,
  'intraparenchymal',
  'intraparenchymal',
  'epidural',
  'subarachnoid',
] as const;
const TRIES = 8;

/** A copy of a series whose blood is known, with one to `most` bleeds more; unchanged where none finds a place. */
export function bleedingSeries(series: MaskedSeries, most: number, random: Random): MaskedSeries {
  const bleeding: Bleeding = {
    side: series.side,
    slices: series.slices.slice(),
    targets: series.targets.map((row) => [...row]),
    mask: series.mask.slice(),
  };
  const wanted = random.integer(1, most);
  for (let placed = 0, tries = 0; placed < wanted && tries < TRIES; tries++) {
    if (insertInto(bleeding, random.fork(`bleed ${tries}`))) placed++;
  }
  return bleeding;
}

interface Bleeding extends MaskedSeries {
  readonly targets: number[][];
}

function insertInto(bleeding: Bleeding, random: Random): boolean {
  const { slices, targets, mask } = bleeding;
  const subtype = random.pick(DRAWN);
  const options = { subtype, sliceStepPixels: sliceStepPixels(bleeding), random };
  const insertion = insertBleed(imagesOf(bleeding), options);
  if (insertion === undefined) return false;
  const place = HEMORRHAGE_CLASSES.findIndex(({ name }) => name === subtype);
  for (const [slice, { hu, mask: blood }] of insertion.changed) {
    putImage(slices, slice, hu);
    const row = at(targets, slice);
    row[0] = 1;
    row[place] = 1;
    for (const [i, isBlood] of blood.data.entries())
      if (isBlood === 1) mask[slice * blood.data.length + i] = place;
  }
  return true;
}

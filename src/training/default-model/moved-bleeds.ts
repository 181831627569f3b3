import { at, type Random } from '../../base/index.ts';
import { bloodSlice, findBrain, moveBlood } from '../../phantom/index.ts';
import { imagesOf, type MaskedSeries, putImage } from './prepared-series.ts';

/** Slices that moved blood may lie above or below its own height. */
const SHIFT = 2;
/** How often at most so many slices bear blood: bleeds on few slices are the ones that are missed. */
const [FEW_CHANCE, FEW] = [0.5, 3];

/**
 * A copy of a series with blood of another patient's: some or all of the slices on which its place is known, side by side, at
 * about the same height, on its own side or mirrored. Unchanged where no brain lies there, or where the donor's blood is nowhere known.
 */
export function withBloodOf(series: MaskedSeries, donor: MaskedSeries, random: Random): MaskedSeries {
  const [heads, donors] = [imagesOf(series), imagesOf(donor)];
  const bleeding = {
    ...series,
    slices: series.slices.slice(),
    targets: series.targets.map((row) => [...row]),
    mask: series.mask.slice(),
  };
  const area = series.side ** 2;
  const bloodOf = (slice: number): Uint8Array => donor.mask.subarray(slice * area, (slice + 1) * area);
  const known = [...donors.keys()].filter((slice) => bloodOf(slice).some((value) => value > 0));
  if (known.length === 0) return series;
  const most = random.chance(FEW_CHANCE) ? Math.min(FEW, known.length) : known.length;
  const count = random.integer(1, most);
  const first = random.integer(0, known.length - count);
  const shift = random.integer(-SHIFT, SHIFT);
  const mirrored = random.chance(0.5);
  for (const slice of known.slice(first, first + count)) {
    const blood = bloodOf(slice);
    const from = bloodSlice(at(donors, slice), { ...at(donors, slice), data: blood.map(Math.sign) });
    const to = Math.round((slice * heads.length) / donors.length) + shift;
    const head = heads[to];
    const brain = from && head && findBrain(head);
    const moved = from && brain && moveBlood(brain, from, mirrored);
    if (moved === undefined) continue;
    putImage(bleeding.slices, to, moved.hu);
    const targets = at(bleeding.targets, to);
    for (const [i, origin] of moved.origins.entries()) {
      if (origin < 0) continue;
      const subtype = at(blood, origin);
      bleeding.mask[to * area + i] = subtype;
      targets[0] = 1;
      targets[subtype] = 1;
    }
  }
  return bleeding;
}

import type { HemorrhageSubtypeName, Random } from '../base/index.ts';
import type { Bleed, BleedSettings } from './bleeds/bleed.ts';
import { makeBleed } from './bleeds/make-bleed.ts';
import { floorHeight, floorMm } from './head/cranium.ts';
import type { HeadPlan } from './head/head-plan.ts';
import { createPlace } from './head/place.ts';
import { markPlace } from './scan/draw-head.ts';
import type { ScanPlan } from './scan/scan-plan.ts';

/** What a bleed must have to be seen, mL. */
const LEAST_ML: Readonly<Record<HemorrhageSubtypeName, number>> = {
  intraparenchymal: 0.35,
  intraventricular: 0.5,
  subdural: 3,
  epidural: 2,
  subarachnoid: 1.5,
};
const TRIES = 24;
/** Grid on which a bleed is measured before it is drawn, mm. */
const GRID_MM = { across: 2.2, up: 4 } as const;
/** The cranial cavity, mm from the sella. */
const CAVITY = { x: 78, front: -92, back: 94, low: -40, high: 104 } as const;

/** A bleed of the wished sort that can be seen: places are tried, and it grows where none is good enough. */
export function placeBleed(head: HeadPlan, scan: ScanPlan, settings: BleedSettings, random: Random): Bleed {
  let best: { bleed: Bleed; ml: number } | undefined;
  for (let i = 0; i < TRIES; i++) {
    const bleed = makeBleed(head, settings, 1.12 ** Math.floor(i / 3), random.fork(`try ${i}`));
    const ml = measuredMl(head, scan, bleed);
    if (ml >= Math.min(LEAST_ML[settings.subtype], 0.6 * (settings.volumeMl ?? 99))) return bleed;
    if (best === undefined || ml > best.ml) best = { bleed, ml };
  }
  if (best === undefined) throw new RangeError('a bleed needs at least one try');
  return best.bleed;
}

/** Volume within the scanned slices, to about a tenth. */
function measuredMl(head: HeadPlan, scan: ScanPlan, bleed: Bleed): number {
  const place = createPlace();
  const only = [bleed];
  const top = scan.lowestMm + (scan.slices - 1) * scan.sliceSpacingMm;
  let found = 0;
  for (let y = CAVITY.front; y < CAVITY.back; y += GRID_MM.across) {
    for (let x = -CAVITY.x; x < CAVITY.x; x += GRID_MM.across) {
      place.x = x;
      place.y = y;
      place.floorZ = floorHeight(head, x, y);
      place.floorMm = floorMm(head, x, y);
      const lowest = Math.max(place.floorZ, CAVITY.low, scan.lowestMm);
      for (let z = lowest; z < Math.min(top, CAVITY.high); z += GRID_MM.up) {
        place.z = z;
        if (markPlace(head, only, place) === 0) found++;
      }
    }
  }
  return (found * GRID_MM.across ** 2 * GRID_MM.up) / 1000;
}

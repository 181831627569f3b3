import type { Random } from '../../base/index.ts';
import type { HeadPlan } from '../head/head-plan.ts';
import { KIND, type Place } from '../head/place.ts';
import type { BleedMaker } from './bleed.ts';

const DEFAULT_MM = 2;

/** Where it starts, x away from the midline, and how far it spreads, mm. */
const SITES: readonly ((random: Random) => readonly [number, number, number, number])[] = [
  // A ruptured aneurysm: basal cisterns.
  (r) => [r.uniform(0, 10), r.uniform(-12, 0), r.uniform(0, 8), r.uniform(34, 46)],
  // Sylvian fissure.
  (r) => [r.uniform(34, 46), r.uniform(-16, -6), r.uniform(10, 18), r.uniform(26, 38)],
  // Between the frontal lobes.
  (r) => [r.uniform(0, 6), r.uniform(-60, -42), r.uniform(20, 44), r.uniform(26, 38)],
  // Sulci of the convexity, as after a blow.
  (r) => [r.uniform(38, 56), r.uniform(-34, 34), r.uniform(40, 64), r.uniform(26, 38)],
  (r) => [r.uniform(14, 34), r.uniform(-40, 40), r.uniform(64, 82), r.uniform(26, 36)],
];

/** Grey matter counts: blood widens the sulcus that it fills. */
const COMPARTMENT = new Set<number>([KIND.sulcus, KIND.cistern, KIND.grey]);

/** Thin sheets in the sulci and cisterns around a place, fading outward. */
export const subarachnoid: BleedMaker = (plan, { thicknessMm = DEFAULT_MM }, swelling, random) => {
  const [away, y, z, spread] = random.pick(SITES)(random);
  const x = (random.chance(0.5) ? 1 : -1) * away;
  const reach = spread * swelling;
  return {
    holds: (place) => {
      if (place.cleftMm > thicknessMm || !COMPARTMENT.has(place.kind)) return false;
      if (cleftMm(plan, place) > thicknessMm / 2) return false;
      const distance = Math.hypot(place.u - x, place.v - y, place.w - z) / reach;
      return distance + 0.18 * plan.warp(2 * place.u, 2 * place.v, 2 * place.w) < 1;
    },
    push: () => undefined,
    oedemaHu: () => 0,
  };
};

/** To the middle of the sulcus or cistern, mm; of a sulcus by the steepness of its fold here. */
function cleftMm(plan: HeadPlan, { cleftIsFold, cleftMm, u, v, w }: Place): number {
  if (!cleftIsFold) return cleftMm;
  const here = plan.folds(u, v, w);
  const slope = Math.hypot(
    plan.folds(u + 1, v, w) - here,
    plan.folds(u, v + 1, w) - here,
    plan.folds(u, v, w + 1) - here,
  );
  return Math.abs(here) / Math.max(slope, 0.05);
}

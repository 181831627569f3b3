import type { HeadPlan } from './head-plan.ts';
import { KIND, mark, type Place } from './place.ts';

/**
 * Star-shaped suprasellar cistern, around the midbrain, behind it, Sylvian and interhemispheric fissures, each as the
 * distance to its middle; places outside of them remember that distance.
 */
export function markCistern(plan: HeadPlan, place: Place): boolean {
  const { u, v, w } = place;
  const ax = Math.abs(u);
  if (w > 34 && ax > 5) return false;
  const wide = 1 + 0.8 * plan.atrophy;
  return (
    isIn(place, sylvianMm(plan, place), 0.85 * wide, plan.csfHu + 3) ||
    isIn(place, interhemisphericMm(plan, place), 0.5 * wide, plan.csfHu + 5) ||
    isIn(place, ambientMm(plan, place), 1 * wide, plan.csfHu + 3) ||
    isIn(place, suprasellarMm(plan, place), 3.4 * wide, plan.csfHu + 3) ||
    isIn(place, quadrigeminalMm(ax, v, w), 2.2 * wide, plan.csfHu + 3)
  );
}

function isIn(place: Place, distanceMm: number, halfMm: number, hu: number): boolean {
  if (distanceMm < place.cleftMm) place.cleftMm = distanceMm;
  return distanceMm < halfMm && mark(place, KIND.cistern, hu);
}

const NOWHERE = Number.POSITIVE_INFINITY;

/** Two sheets from the base outward, over the insula. */
function sylvianMm(plan: HeadPlan, { u, v, w }: Place): number {
  const ax = Math.abs(u) / plan.scale.x;
  if (ax < 26 || ax > 58 || w < -2 || w > 30) return NOWHERE;
  const insula = Math.abs(ax - 36 + 0.006 * (v + 8) ** 2 + 1.5 * plan.warp(2 * u, 2 * v, 2 * w));
  const isInsula = Math.abs(v + 8) < 16 && w > 6 && w < 26;
  const outward =
    ax > 35
      ? Math.abs(v + 14 + 0.3 * (ax - 45) - 0.5 * (w - 14) + 4 * plan.warp(1.6 * u, 1.6 * v, 1.6 * w))
      : NOWHERE;
  return Math.min(isInsula ? insula : NOWHERE, outward);
}

/** Between the frontal lobes below the falx, and over the corpus callosum. */
function interhemisphericMm(plan: HeadPlan, { u, v, w, y, z }: Place): number {
  if (v > -22 || w < 6 || w > 60) return NOWHERE;
  return Math.abs(u - 1.2 * plan.warp(0, y, z));
}

/** Round the sides of the midbrain, open in front. */
function ambientMm(plan: HeadPlan, { u, v, w }: Place): number {
  if (v < 4 || v > 36 || Math.abs(w - 6) > 9) return NOWHERE;
  const round = Math.hypot(1.08 * u, v - 14) - 18 - 1.5 * plan.warp(2 * u, 2 * v, 2 * w);
  return Math.abs(round);
}

/** A star of five rays, flat: the middle of its rays. */
function suprasellarMm(plan: HeadPlan, { u, v, w }: Place): number {
  const height = Math.abs(w - 3) - 5;
  if (height > 4) return NOWHERE;
  const radius = Math.hypot(u, v + 8);
  if (radius > 24) return NOWHERE;
  const rays = Math.cos(5 * Math.atan2(u, -(v + 8)));
  const star = Math.max(0, radius - 8 - 5 * rays) + 0.6 * plan.texture(u, v, w);
  return Math.max(star, height) + (radius < 6 ? 0 : 0.8);
}

const quadrigeminalMm = (ax: number, v: number, w: number): number =>
  Math.abs(w - 12) < 8 && ax < 13 ? Math.abs(v - 35 + 0.25 * ax) : NOWHERE;

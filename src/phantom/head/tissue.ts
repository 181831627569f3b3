import { beamHardeningHu } from './beam-hardening.ts';
import { depthUnderVault, vaultHu, vaultMm } from './cranium.ts';
import { markCistern } from './csf-spaces.ts';
import { markBase } from './face.ts';
import type { HeadPlan } from './head-plan.ts';
import { markMembrane } from './membranes.ts';
import { markParenchyma } from './parenchyma.ts';
import { KIND, type MassEffect, mark, type Place } from './place.ts';
import { FAT_HU, MUSCLE_HU } from './soft-tissue.ts';
import { calcium, lateralVentricle, midlineVentricle } from './ventricles.ts';

const AIR_HU = -1000;

/** Says of the place at x, y, z what it is and its HU, without noise and without blood. */
export function markTissue(plan: HeadPlan, place: Place, effects: readonly MassEffect[]): void {
  const { x, y, z } = place;
  if (isOutside(plan, place)) {
    mark(place, KIND.air, AIR_HU);
    return;
  }
  const depth = depthUnderVault(plan, x, y, z);
  place.depth = depth;
  if (depth < -30) {
    mark(place, KIND.air, AIR_HU);
    return;
  }
  const aboveFloor = z - place.floorZ;
  if (depth > 0 && aboveFloor > 0) markInside(plan, place, effects, aboveFloor);
  else if (depth > 0 || aboveFloor < -6) markBase(plan, place, aboveFloor);
  else markShell(plan, place);
}

/** Half axes of an ellipsoid that holds every head with its scalp, mm; its middle lies this high. */
const HULL = { x: 88, y: 108, z: 96, middleZ: 26 } as const;

/** Spares the places around the head the work of finding out how far they are from it. */
function isOutside({ scale }: HeadPlan, { x, y, z }: Place): boolean {
  const u = x / (scale.x * HULL.x);
  const v = y / (scale.y * HULL.y);
  const w = z / scale.z - HULL.middleZ;
  const up = w > 0 ? w / HULL.z : 0;
  return u * u + v * v + up * up > 1;
}

/** Skull and scalp, by the distance outside of the inner table. */
function markShell(plan: HeadPlan, place: Place): void {
  const { x, y, z } = place;
  const outside = -place.depth;
  const thick = vaultMm(plan, x, y, z);
  if (outside < thick) {
    mark(place, KIND.bone, vaultHu(plan, outside, thick - outside, plan.texture(x, y, z)));
    return;
  }
  const scalp = outside - thick;
  if (scalp > plan.scalpMm) mark(place, KIND.air, AIR_HU);
  else if (scalp > 1.5 && scalp < plan.scalpMm - 1.5) mark(place, KIND.fat, FAT_HU);
  else mark(place, KIND.soft, MUSCLE_HU - 10);
}

/** Brain and what lies in and around it. */
function markInside(plan: HeadPlan, place: Place, effects: readonly MassEffect[], aboveFloor: number): void {
  place.u = place.x;
  place.v = place.y;
  place.w = place.z;
  place.brainDepth = Math.min(place.depth, aboveFloor + 2);
  place.cleftMm = Number.POSITIVE_INFINITY;
  place.cleftIsFold = false;
  for (const effect of effects) effect.push(place);
  markBrain(plan, place);
  place.hu += beamHardeningHu(plan, place);
}

function markBrain(plan: HeadPlan, place: Place): void {
  const { u, v, w } = place;
  if (calcium(plan, u, v, w) > 0) {
    mark(place, KIND.calcium, plan.calciumHu);
    return;
  }
  if (markMembrane(plan, place)) return;
  const intoVentricle = Math.max(lateralVentricle(plan, u, v, w), midlineVentricle(plan, u, v, w));
  if (intoVentricle > 0) {
    mark(place, KIND.ventricle, plan.csfHu);
    return;
  }
  if (place.brainDepth < 0.6 + 2.2 * plan.atrophy) {
    mark(place, KIND.sulcus, plan.csfHu + 4);
    return;
  }
  if (!markCistern(plan, place)) markParenchyma(plan, place, intoVentricle);
}

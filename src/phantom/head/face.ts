import type { HeadPlan } from './head-plan.ts';
import { KIND, mark, type Place } from './place.ts';
import { FAT_HU, MUSCLE_HU } from './soft-tissue.ts';

const AIR_HU = -1000;

/** Below the cranial floor: bone, then orbits, air sinuses, face and neck. */
export function markBase(plan: HeadPlan, place: Place, aboveFloor: number): void {
  const { x, y, z, depth } = place;
  if (depth < -plan.scalpMm) {
    mark(place, KIND.air, AIR_HU);
    return;
  }
  if (markOrbit(plan, place) || markAirSinus(plan, place)) return;
  if (-aboveFloor < place.floorMm) {
    markPetrous(plan, place);
    return;
  }
  if (depth < 2) {
    mark(place, depth < -2 ? KIND.soft : KIND.fat, depth < -2 ? MUSCLE_HU : FAT_HU);
    return;
  }
  const pattern = plan.warp(1.7 * x, 1.7 * y, 1.7 * z);
  if (pattern > 0.9 || plan.folds(x, y, z) > 1.4) mark(place, KIND.bone, 0.7 * plan.boneHu);
  else if (pattern < -0.9) mark(place, KIND.fat, FAT_HU);
  else mark(place, KIND.soft, MUSCLE_HU + 5 * plan.texture(x, y, z));
}

/** Dense bone with mastoid cells. */
function markPetrous(plan: HeadPlan, place: Place): void {
  const { x, y, z } = place;
  const isCell = Math.abs(x) > 42 && y > 5 && plan.texture(1.4 * x, 1.4 * y, 1.4 * z) > 0.5 + plan.airCells;
  if (isCell) mark(place, KIND.air, -800);
  else mark(place, KIND.bone, plan.boneHu + 80 * plan.texture(x, y, z));
}

/** Centre of the globe; its radius; all mm in a head of ordinary size. */
const GLOBE = { x: 31, y: -66, z: -15, radius: 12 } as const;

/** Globe with lens and wall, muscle cone in fat, bony wall. */
function markOrbit(plan: HeadPlan, place: Place): boolean {
  const ax = Math.abs(place.x) / plan.scale.x - GLOBE.x;
  const along = place.y / plan.scale.y - GLOBE.y;
  const up = place.z / plan.scale.z - GLOBE.z;
  if (along < -16 || along > 40) return false;
  const across = Math.hypot(ax + (along > 0 ? 0.32 * along : 0), up);
  const wall = 17 - (along > 0 ? 0.33 * along : 0);
  if (across > wall + 2) return false;
  if (across > wall) return along > -8 && mark(place, KIND.bone, 0.6 * plan.boneHu);
  const radius = Math.hypot(ax, along, up);
  if (radius < GLOBE.radius) {
    if (Math.hypot(ax / 4.5, (along + 8.5) / 2.2, up / 4.5) < 1) return mark(place, KIND.soft, 80);
    return mark(place, KIND.soft, radius > GLOBE.radius - 1 ? 42 : 9);
  }
  if (along < -9)
    return radius < GLOBE.radius + 3 ? mark(place, KIND.soft, 40) : mark(place, KIND.air, AIR_HU);
  const isNerve = along > 8 && across < 2.2;
  const isMuscle = along > 0 && Math.abs(across - 0.72 * wall) < 1.4;
  return mark(place, isNerve || isMuscle ? KIND.soft : KIND.fat, isNerve || isMuscle ? 45 : FAT_HU);
}

/** Air sinuses as boxes with round corners: middle, half lengths, whether thin walls divide it. */
const AIR_SINUSES = [
  { name: 'ethmoid', at: [0, -56, -14], half: [13, 24, 13], divided: true },
  { name: 'sphenoid', at: [0, -18, -17], half: [13, 11, 9], divided: false },
  { name: 'maxillary', at: [29, -56, -44], half: [14, 16, 13], divided: false },
  { name: 'nasal', at: [0, -60, -42], half: [11, 26, 14], divided: true },
] as const;

function markAirSinus(plan: HeadPlan, place: Place): boolean {
  const { x, y, z } = place;
  for (const { at, half, divided } of AIR_SINUSES) {
    const ax = at[0] === 0 ? x : Math.abs(x) - at[0];
    const r = Math.hypot((ax / half[0]) ** 2, ((y - at[1]) / half[1]) ** 2, ((z - at[2]) / half[2]) ** 2);
    if (r > 1.15) continue;
    const isWall = r > 0.95 || (divided && Math.abs(plan.texture(x, y, z)) < 0.22);
    return isWall ? mark(place, KIND.bone, 0.45 * plan.boneHu) : mark(place, KIND.air, AIR_HU);
  }
  return false;
}

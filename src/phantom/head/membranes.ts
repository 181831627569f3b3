import type { HeadPlan } from './head-plan.ts';
import { KIND, mark, type Place } from './place.ts';

/** Height of the tentorium over x, y, mm: highest where it meets the falx, down to the petrous ridges. */
export function tentoriumHeight(plan: HeadPlan, x: number, y: number): number {
  const u = x / plan.scale.x;
  const v = y / plan.scale.y;
  return (17 - 0.0058 * u * u - 0.27 * Math.max(0, v - 30) - 0.05 * Math.max(0, 30 - v)) * plan.scale.z;
}

/** Half of the opening through which the brain stem passes, mm. */
const incisura = (v: number): number => (v < 38 ? 17 * Math.sqrt(Math.max(0, 1 - ((v - 12) / 27) ** 2)) : 0);

/** Falx, tentorium and the sinuses in their edges; false where the place is none of them. */
export function markMembrane(plan: HeadPlan, place: Place): boolean {
  return markMidline(plan, place) || markTentorium(plan, place);
}

/** How far the midline wanders to the side at y, z, mm. */
export const midlineX = (plan: HeadPlan, y: number, z: number): number => 1.2 * plan.warp(0, y, z);

function markMidline(plan: HeadPlan, place: Place): boolean {
  const { x, y, z, depth } = place;
  if (z < 0 || Math.abs(x) > 14) return false;
  const off = Math.abs(x - midlineX(plan, y, z));
  const tent = tentoriumHeight(plan, 0, y);
  if (z < tent || (y < 30 && z < 18)) return false;
  const isSagittal = y > -10 && depth < 7 && off < 5 * (1 - depth / 9);
  const isStraight = y > 36 && off < 2.4 && z - tent < 4;
  if (isSagittal || isStraight) return mark(place, KIND.sinus, plan.sinusHu);
  const reach = y < -20 ? 22 : y > 36 ? 80 : 34;
  return off < plan.falxMm / 2 && depth < reach && mark(place, KIND.membrane, plan.falxHu);
}

function markTentorium(plan: HeadPlan, place: Place): boolean {
  const { x, y, z, depth } = place;
  if (y < 2 || z > 24) return false;
  const over = Math.abs(z - tentoriumHeight(plan, x, y));
  if (over > 6) return false;
  const isTransverse = y > 34 && depth < 8 && over < 5 * (1 - depth / 9);
  if (isTransverse) return mark(place, KIND.sinus, plan.sinusHu);
  const isLeaf = over < plan.tentoriumMm / 2 && Math.abs(x) / plan.scale.x > incisura(y / plan.scale.y);
  return isLeaf && mark(place, KIND.membrane, plan.falxHu);
}

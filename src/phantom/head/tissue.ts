import { depthUnderVault, floorHeight, floorMm, vaultHu, vaultMm } from './cranium.ts';
import type { HeadPlan } from './head-plan.ts';
import { lateralVentricle, midlineVentricle, plexus } from './ventricles.ts';

const AIR_HU = -1000;
const FAT_HU = -95;
const MUSCLE_HU = 52;

/** HU of the place x, y, z of a head, mm (see HeadPlan), without noise. */
export function tissueHu(plan: HeadPlan, x: number, y: number, z: number): number {
  const depth = depthUnderVault(plan, x, y, z);
  if (depth < -30) return AIR_HU;
  const aboveFloor = z - floorHeight(plan, x, y);
  if (depth > 0 && aboveFloor > 0) return insideHu(plan, x, y, z, Math.min(depth, aboveFloor + 2));
  if (depth > 0 || aboveFloor < -6) return baseHu(plan, x, y, z, depth, aboveFloor);
  return shellHu(plan, x, y, z, -depth);
}

/** Skull and scalp, by the distance outside of the inner table. */
function shellHu(plan: HeadPlan, x: number, y: number, z: number, outside: number): number {
  const thick = vaultMm(plan, x, y, z);
  if (outside < thick) return vaultHu(plan, outside, thick - outside, plan.texture(x, y, z));
  const scalp = outside - thick;
  if (scalp > plan.scalpMm) return AIR_HU;
  return scalp > 1.5 && scalp < plan.scalpMm - 1.5 ? FAT_HU : MUSCLE_HU - 10;
}

/** Below the cranial floor: bone, then face and neck with muscles, fat, bones and air. */
function baseHu(plan: HeadPlan, x: number, y: number, z: number, depth: number, aboveFloor: number): number {
  if (depth < -plan.scalpMm) return AIR_HU;
  if (-aboveFloor < floorMm(plan, x, y)) return petrousHu(plan, x, y, z);
  if (depth < 2) return depth < -2 ? MUSCLE_HU : FAT_HU;
  const pattern = plan.warp(1.7 * x, 1.7 * y, 1.7 * z);
  if (y < -40 && Math.abs(x) < 34 && pattern > 0.2) return AIR_HU;
  if (pattern > 0.9 || plan.folds(x, y, z) > 1.4) return 0.7 * plan.boneHu;
  return pattern < -0.9 ? FAT_HU : MUSCLE_HU + 5 * plan.texture(x, y, z);
}

/** Dense bone with mastoid cells. */
function petrousHu(plan: HeadPlan, x: number, y: number, z: number): number {
  const isCell = Math.abs(x) > 42 && y > 5 && plan.texture(1.4 * x, 1.4 * y, 1.4 * z) > 0.5 + plan.airCells;
  return isCell ? -800 : plan.boneHu + 80 * plan.texture(x, y, z);
}

/** Brain and what lies in and around it, by the distance from bone. */
function insideHu(plan: HeadPlan, x: number, y: number, z: number, depth: number): number {
  const membrane = midlineHu(plan, x, y, z, depth);
  if (membrane !== undefined) return membrane;
  if (plexus(plan, x, y, z) > 0) return 150;
  const intoVentricle = Math.max(lateralVentricle(plan, x, y, z), midlineVentricle(plan, x, y, z));
  if (intoVentricle > 0) return plan.csfHu;
  const gap = 0.6 + 2.2 * plan.atrophy;
  if (depth < gap) return plan.csfHu + 4;
  const cistern = cisternHu(plan, x, y, z);
  if (cistern !== undefined) return cistern;
  return parenchymaHu(plan, x, y, z, depth, intoVentricle);
}

/** Falx with its sinus, tentorium's edge left to the cisterns; undefined elsewhere. */
function midlineHu(plan: HeadPlan, x: number, y: number, z: number, depth: number): number | undefined {
  const wander = 1.2 * plan.warp(0, y, z);
  const off = Math.abs(x - wander);
  if (z < 18) return undefined;
  const isSinus = y > 20 && depth < 7 && off < 4.5 * (1 - depth / 9);
  if (isSinus) return plan.sinusHu;
  const reach = y < -20 ? 22 : 34;
  return off < plan.falxMm / 2 && depth < reach ? plan.falxHu : undefined;
}

/** Star-shaped suprasellar cistern, around the midbrain, and the Sylvian fissures. */
function cisternHu(plan: HeadPlan, x: number, y: number, z: number): number | undefined {
  const ax = Math.abs(x);
  const wide = 1 + 0.8 * plan.atrophy;
  const suprasellar =
    Math.hypot(x / 13, (y + 8) / 9, (z - 3) / 7) + 0.25 * plan.texture(x, y, z) < wide * 0.8;
  const ambient = Math.abs(Math.hypot(x, y - 16) - 17) < 1.5 * wide && Math.abs(z - 2) < 10 && y > 4;
  const quadrigeminal = Math.hypot(x / 10, (y - 34) / 5, (z - 10) / 8) < 0.9 * wide;
  const sylvian =
    Math.abs(y + 14 + 0.25 * (ax - 45) + 3 * plan.warp(x, y, z)) < 1.3 * wide &&
    ax > 30 &&
    ax < 56 &&
    Math.abs(z - 14) < 15;
  return suprasellar || ambient || quadrigeminal || sylvian ? plan.csfHu + 3 : undefined;
}

/** Cortex in folds over white matter; deep grey nuclei; cerebellum and brain stem. */
function parenchymaHu(
  plan: HeadPlan,
  x: number,
  y: number,
  z: number,
  depth: number,
  intoVentricle: number,
): number {
  const fine = 0.8 * plan.texture(x, y, z);
  if (z < 2 && y > 8) return 0.5 * (plan.greyHu + plan.whiteHu) + 1.5 + fine;
  const fold = Math.abs(plan.folds(x, y, z));
  const sulcusDepth = 12 + 8 * plan.warp(x, y, z);
  const opening = (0.03 + 0.12 * plan.atrophy) * (1 - depth / 30);
  if (depth < sulcusDepth && fold < opening) return plan.csfHu + 8;
  const isCortex = depth < 3.6 || (depth < sulcusDepth + 4 && fold < opening + 0.3);
  if (isCortex || isNucleus(plan, x, y, z)) return plan.greyHu + fine;
  const pale = intoVentricle > -6 ? plan.paleWhiteHu : 0;
  return plan.whiteHu - pale + fine;
}

/** Thalamus, lentiform nucleus and caudate head, of both sides. */
function isNucleus(plan: HeadPlan, x: number, y: number, z: number): boolean {
  const u = Math.abs(x) / plan.scale.x;
  const [v, w] = [y / plan.scale.y, z / plan.scale.z];
  const thalamus = Math.hypot((u - 10) / 8, (v - 8) / 13, (w - 18) / 10) < 1;
  const lentiform = Math.hypot((u - 24) / 7, (v + 7) / 14, (w - 13) / 11) < 1;
  const caudate = Math.hypot((u - 13) / 5, (v + 26) / 9, (w - 22) / 11) < 1;
  return thalamus || lentiform || caudate;
}

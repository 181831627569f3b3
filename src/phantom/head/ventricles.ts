import { at } from '../../base/index.ts';
import type { HeadPlan } from './head-plan.ts';

/** A tube with round ends; x is the distance from the midline. Both ends: x, y, z and radius, mm. */
type Tube = readonly [number, number, number, number, number, number, number, number];

/** Lateral ventricle of one side: frontal horn, body, atrium, occipital and temporal horn. */
const LATERAL: readonly Tube[] = [
  [15, -38, 21, 3.4, 8, -16, 27, 5],
  [8, -16, 27, 5, 8, 2, 36, 5],
  [8, 2, 36, 5, 14, 24, 37, 5.5],
  [14, 24, 37, 5.5, 23, 36, 27, 6.5],
  [23, 36, 27, 6.5, 22, 54, 21, 3],
  [23, 36, 27, 6, 31, 24, 7, 2.6],
  [31, 24, 7, 2.6, 31, -4, -4, 2.2],
];

/** Farther than this from a tube, nobody asks how far, mm. */
const MARGIN_MM = 8;

/** Tubes with what is the same for all places: direction, its length squared, and the heights they reach. */
const PREPARED = LATERAL.map(([x, y, z, r, endX, endY, endZ, endR]) => {
  const [dx, dy, dz] = [endX - x, endY - y, endZ - z];
  const widest = 2 * Math.max(r, endR) + MARGIN_MM;
  const [low, high] = [Math.min(z, endZ) - widest, Math.max(z, endZ) + widest];
  const [front, back] = [Math.min(y, endY) - widest, Math.max(y, endY) + widest];
  const perLength = 1 / (dx * dx + dy * dy + dz * dz);
  return { x, y, z, r, dx, dy, dz, dr: endR - r, perLength, low, high, front, back };
});

/** Distance into a lateral ventricle, mm: above 0 inside. */
export function lateralVentricle(plan: HeadPlan, x: number, y: number, z: number): number {
  const ax = Math.abs(x) / plan.scale.x;
  const v = y / plan.scale.y;
  const w = z / plan.scale.z;
  if (ax > 46 || v < -58 || v > 72 || w < -16 || w > 58) return -20;
  const scale = plan.ventricleScale * (x > 0 ? plan.ventricleAsymmetry : 1);
  let best = -20;
  for (let i = 0; i < PREPARED.length; i++) {
    const tube = at(PREPARED, i);
    if (w > tube.low && w < tube.high && v > tube.front && v < tube.back)
      best = Math.max(best, intoTube(tube, scale, ax, v, w));
  }
  if (best < -MARGIN_MM) return best;
  // The septum keeps the two apart.
  return Math.min(best, ax - 0.9) + 0.5 * plan.warp(2 * x, 2 * y, 2 * z);
}

function intoTube(tube: (typeof PREPARED)[number], scale: number, x: number, y: number, z: number): number {
  const [px, py, pz] = [x - tube.x, y - tube.y, z - tube.z];
  const t = Math.min(1, Math.max(0, (px * tube.dx + py * tube.dy + pz * tube.dz) * tube.perLength));
  const ex = px - t * tube.dx;
  const ey = py - t * tube.dy;
  const ez = pz - t * tube.dz;
  return scale * (tube.r + t * tube.dr) - Math.sqrt(ex * ex + ey * ey + ez * ez);
}

/** Third and fourth ventricle and the aqueduct between them: above 0 inside, mm. */
export function midlineVentricle(plan: HeadPlan, x: number, y: number, z: number): number {
  const u = Math.abs(x) / plan.scale.x;
  const v = y / plan.scale.y;
  const w = z / plan.scale.z;
  if (u > 14 || v < -22 || v > 52 || w < -36 || w > 28) return -20;
  const widthThird = 1.3 + 1.7 * (plan.ventricleScale - 0.6);
  const third = Math.min(widthThird - u, 12 - Math.abs(v + 1), 9.5 - Math.abs(w - 14));
  const fourth =
    1 -
    Math.sqrt(
      (u / (6 * plan.ventricleScale)) ** 2 +
        ((v - 36) / (4.5 * plan.ventricleScale)) ** 2 +
        ((w + 18) / 12) ** 2,
    );
  return Math.max(third, 5 * fourth);
}

/** Calcium of plexus, pineal, globus pallidus, falx and a granuloma: above 0 inside, mm. */
export function calcium(plan: HeadPlan, x: number, y: number, z: number): number {
  const ax = Math.abs(x) / plan.scale.x;
  const v = y / plan.scale.y;
  const w = z / plan.scale.z;
  const { granuloma } = plan;
  return Math.max(
    intoBall(plan.plexusMm, ax - 23, v - 37, w - 26),
    intoBall(plan.pinealMm, ax, v - 27, w - 16),
    intoBall(plan.pallidumMm, (ax - 20) * 1.4, (v + 4) * 0.8, w - 12),
    plan.falxPlaqueMm > 0 ? Math.min(1.6 - ax, intoBall(plan.falxPlaqueMm / 2, 0, v + 40, w - 60)) : -1,
    granuloma ? intoBall(granuloma.radiusMm, x - granuloma.x, y - granuloma.y, z - granuloma.z) : -1,
  );
}

const intoBall = (radiusMm: number, x: number, y: number, z: number): number =>
  radiusMm > 0 ? radiusMm - Math.sqrt(x * x + y * y + z * z) : -1;

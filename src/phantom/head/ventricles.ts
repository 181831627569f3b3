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

/** Distance into a lateral ventricle, mm: above 0 inside. */
export function lateralVentricle(plan: HeadPlan, x: number, y: number, z: number): number {
  const ax = Math.abs(x) / plan.scale.x;
  if (ax > 46 || y < -58 || y > 76 || z < -14 || z > 56) return -20;
  let best = -20;
  for (const tube of LATERAL)
    best = Math.max(best, intoTube(tube, plan.ventricleScale, ax, y / plan.scale.y, z / plan.scale.z));
  // The septum keeps the two apart.
  return Math.min(best, ax - 0.9) + 0.5 * plan.warp(2 * x, 2 * y, 2 * z);
}

function intoTube(tube: Tube, scale: number, x: number, y: number, z: number): number {
  const [ax, ay, az, ar, bx, by, bz, br] = tube;
  const [dx, dy, dz] = [bx - ax, by - ay, bz - az];
  const along = ((x - ax) * dx + (y - ay) * dy + (z - az) * dz) / (dx * dx + dy * dy + dz * dz);
  const t = Math.min(1, Math.max(0, along));
  const [ex, ey, ez] = [x - ax - t * dx, y - ay - t * dy, z - az - t * dz];
  return scale * (ar + t * (br - ar)) - Math.sqrt(ex * ex + ey * ey + ez * ez);
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

/** Calcified plexus in the atria, radius from the plan: above 0 inside, mm. */
export function plexus(plan: HeadPlan, x: number, y: number, z: number): number {
  if (plan.plexusMm === 0) return -1;
  const ax = Math.abs(x) / plan.scale.x;
  return (
    plan.plexusMm - Math.sqrt((ax - 23) ** 2 + (y / plan.scale.y - 37) ** 2 + (z / plan.scale.z - 27) ** 2)
  );
}

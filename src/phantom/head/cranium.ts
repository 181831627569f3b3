import type { HeadPlan } from './head-plan.ts';

/** Half of the inner skull's width and length at its widest, and its height above that, mm. */
const DOME = { width: 67, front: 83, back: 87, height: 76, widestZ: 26, taperMm: 125 } as const;

/** How far inside the inner table of the vault a place lies, mm, along the ray from the skull's axis. */
export function depthUnderVault(plan: HeadPlan, x: number, y: number, z: number): number {
  const u = x / plan.scale.x;
  const v = y / plan.scale.y;
  const w = z / plan.scale.z - DOME.widestZ;
  // Narrower at the forehead than at the parietal bones, flat at the temples.
  const back = v / DOME.back;
  const width = DOME.width * (1 + 0.1 * back - 0.13 * back * back * (v < 0 ? 1.25 : 0.9));
  const length = v < 0 ? DOME.front : DOME.back;
  const h = w > 0 ? w / DOME.height : w / DOME.taperMm;
  const flat = w > 0 ? h * h : 0.75 * h * h;
  const across = (u / width) ** 2;
  const along = (v / length) ** 2;
  const r = Math.sqrt(across + along + flat);
  if (r < 0.15) return 60;
  const radius = Math.sqrt(u * u + v * v + (w > 0 ? w * w : 0)) / r;
  // A radial distance is longer than the shortest one; this factor is near enough for a shell.
  return (1 - r) * radius * 0.96 + 1.6 * plan.warp(x, y, z) - 0.8;
}

/** Height of the cranial floor, mm: anterior, middle and posterior fossa with the petrous ridge between. */
export function floorHeight(plan: HeadPlan, x: number, y: number): number {
  const ax = Math.abs(x) / plan.scale.x;
  const v = y / plan.scale.y;
  const anterior = v < -36 ? 5 + 6 * Math.exp(-(((ax - 28) / 16) ** 2)) - 4 * Math.exp(-((ax / 8) ** 2)) : 40;
  const middle = -19 + 20 * ((ax - 38) / 25) ** 2 + 20 * ((v + 14) / 28) ** 2;
  const posterior = -50 + 26 * (ax / 46) ** 2 + 28 * ((v - 38) / (v < 38 ? 35 : 46)) ** 2;
  const between = v > -36 ? 8 : 40;
  const bowl = Math.min(anterior, middle, posterior, between);
  const ridge = 7 - 1.1 * distanceToRidge(ax, v) - 0.05 * ax;
  return (Math.max(bowl, ridge) + plan.warpAcross(x, y, 0)) * plan.scale.z;
}

/** The petrous ridges run from the dorsum sellae outward and backward. */
function distanceToRidge(ax: number, v: number): number {
  const [fromX, fromY, toX, toY] = [13, -1, 62, 30];
  const [dx, dy] = [toX - fromX, toY - fromY];
  const t = Math.min(1, Math.max(0, ((ax - fromX) * dx + (v - fromY) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(ax - fromX - t * dx, v - fromY - t * dy);
}

/** Thickness of the vault, mm: thin at the temples, thick at forehead and occiput. */
export function vaultMm(plan: HeadPlan, x: number, y: number, z: number): number {
  const ax = Math.abs(x) / plan.scale.x;
  const side = Math.exp(-(((ax - 66) / 16) ** 2) - ((y + 10) / 35) ** 2 - ((z - 10) / 22) ** 2);
  const ends = Math.exp(-((ax / 16) ** 2)) * (y > 70 && z < 20 ? 0.6 : 0.2);
  return plan.skullMm * Math.max(0.35, 1 - 0.5 * side + ends + 0.13 * plan.warpAcross(x, y, z));
}

/** Thickness of the floor, mm: petrous bones and clivus thick, orbital roofs thin. */
export function floorMm(plan: HeadPlan, x: number, y: number): number {
  const ax = Math.abs(x) / plan.scale.x;
  const v = y / plan.scale.y;
  if (v < -36) return 2;
  const petrous = 28 * Math.max(0, 1 - distanceToRidge(ax, v) / 15);
  const clivus = ax < 13 && v > -30 && v < 22 ? 13 : 0;
  return Math.max(4, petrous, clivus);
}

/** HU of the vault `inMm` from the inner and `outMm` from the outer table: two tables and the diploe. */
export function vaultHu(plan: HeadPlan, inMm: number, outMm: number, texture: number): number {
  const table = 1.3;
  if (inMm < table || outMm < table) return plan.boneHu + 60 * texture;
  return 0.58 * plan.boneHu + 90 * texture;
}

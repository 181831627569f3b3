import type { Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import type { HeadPlan } from '../head/head-plan.ts';
import { KIND, type Place } from '../head/place.ts';
import type { BleedMaker } from './bleed.ts';

/** Where brain bleeds: deep in hypertension, in a lobe, in the cerebellum or the pons; weights as shares. */
const SITES: readonly {
  readonly weight: number;
  readonly at: (random: Random) => readonly [number, number, number];
}[] = [
  { weight: 0.34, at: (r) => [r.uniform(22, 28), r.uniform(-14, 2), r.uniform(9, 19)] },
  { weight: 0.16, at: (r) => [r.uniform(9, 13), r.uniform(2, 14), r.uniform(14, 21)] },
  { weight: 0.1, at: (r) => [r.uniform(18, 40), r.uniform(-60, -38), r.uniform(20, 50)] },
  { weight: 0.12, at: (r) => [r.uniform(22, 46), r.uniform(0, 40), r.uniform(46, 68)] },
  { weight: 0.08, at: (r) => [r.uniform(42, 52), r.uniform(-10, 20), r.uniform(2, 16)] },
  { weight: 0.06, at: (r) => [r.uniform(16, 32), r.uniform(56, 68), r.uniform(24, 44)] },
  { weight: 0.1, at: (r) => [r.uniform(12, 30), r.uniform(38, 54), r.uniform(-24, -12)] },
  { weight: 0.04, at: (r) => [r.uniform(0, 5), r.uniform(6, 12), r.uniform(-20, -10)] },
];

const DEFAULT_ML = 8;
const BRAIN = new Set<number>([KIND.grey, KIND.white, KIND.hindbrain]);

/** A blob with an uneven edge that pushes the brain aside, often in a rim of oedema. */
export const intraparenchymal: BleedMaker = (plan, { volumeMl = DEFAULT_ML }, swelling, random) => {
  const [cx, cy, cz] = placeOf(plan, random);
  const stretch = [random.uniform(0.8, 1), random.uniform(1, 1.3), random.uniform(0.8, 1.1)] as const;
  const unit = Math.cbrt(stretch[0] * stretch[1] * stretch[2]);
  const radius = swelling * Math.cbrt((volumeMl * 1000 * 3) / (4 * Math.PI));
  const [ax, ay, az] = stretch.map((s) => (s / unit) * radius) as [number, number, number];
  const turn = random.uniform(-0.6, 0.6);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const grain = Math.min(1, 9 / radius);
  /** From the middle, in radii: 1 at the edge. */
  const away = ({ x, y, z }: Place): number => {
    const [dx, dy, dz] = [x - cx, y - cy, z - cz];
    const along = cos * dx + sin * dy;
    const across = cos * dy - sin * dx;
    return Math.sqrt((along / ax) ** 2 + (across / ay) ** 2 + (dz / az) ** 2);
  };
  const isNear = ({ x, y, z }: Place, reach: number): boolean =>
    Math.abs(x - cx) < reach && Math.abs(y - cy) < reach && Math.abs(z - cz) < reach;
  const rim = random.chance(0.7) ? random.uniform(0.25, 0.7) : 0;
  const rimHu = random.uniform(5, 11);
  const unevenness = random.uniform(0.08, 0.18);
  return {
    holds: (place) =>
      isNear(place, 1.7 * radius) &&
      BRAIN.has(place.kind) &&
      away(place) + unevenness * plan.texture(grain * place.x, grain * place.y, grain * place.z) < 1,
    push: (place) => {
      if (!isNear(place, 4 * radius)) return;
      const r = away(place);
      const fade = Math.min(1, Math.max(0, place.depth) / 14) * Math.exp(-0.5 * Math.max(0, r - 1));
      const from = Math.cbrt(Math.max(0, 1 - (0.85 * fade) / Math.max(0.2, r) ** 3));
      place.u = cx + (place.u - cx) * from;
      place.v = cy + (place.v - cy) * from;
      place.w = cz + (place.w - cz) * from;
    },
    oedemaHu: (place) => {
      if (rim === 0 || place.kind !== KIND.white || !isNear(place, 3 * radius)) return 0;
      return rimHu * Math.max(0, 1 - Math.max(0, away(place) - 1) / rim);
    },
  };
};

function placeOf(plan: HeadPlan, random: Random): readonly [number, number, number] {
  const [x, y, z] = pickSite(random.uniform()).at(random);
  const side = random.chance(0.5) ? 1 : -1;
  return [side * x * plan.scale.x, y * plan.scale.y, z * plan.scale.z];
}

function pickSite(share: number): (typeof SITES)[number] {
  let left = share;
  for (const site of SITES) {
    left -= site.weight;
    if (left < 0) return site;
  }
  return at(SITES, 0);
}

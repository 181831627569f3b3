import type { Random } from '../../base/index.ts';
import type { HeadPlan } from '../head/head-plan.ts';
import { midlineX } from '../head/membranes.ts';
import { KIND, type Place } from '../head/place.ts';
import type { Bleed, BleedMaker } from './bleed.ts';

/** Thickness of an extra-axial bleed over a place, mm; 0 where there is none. */
type Thickness = (place: Place) => number;

/** Where the rays start that name a place of the vault: azimuth from the left, elevation from the plane. */
const MIDDLE_Z = 20;
const SKULL_RADIUS_MM = 72;

/** A lens between skull and dura: its rim stops at the sutures, where the dura is fast. */
export const epidural: BleedMaker = (plan, { thicknessMm = 14 }, swelling, random) => {
  const thickest = thicknessMm * Math.min(1.5, swelling);
  const cell = random.pick(CELLS);
  const centre = vaultPoint(cell.azimuth(random), cell.elevation(random), random.chance(0.5));
  const reach = Math.min(44, Math.max(17, thickest * random.uniform(1.4, 2.1))) * swelling;
  return overVault((place) => {
    const apart = arcMm(place, centre) / reach;
    if (apart >= 1) return 0;
    const held = Math.min(1, sutureMm(plan, place, centre) / 6);
    return held <= 0 ? 0 : thickest * (1 - apart * apart) * held;
  });
};

/** A crescent under the dura: across sutures, never across the midline; some lie along the falx. */
export const subdural: BleedMaker = (plan, { thicknessMm = 7 }, swelling, random) => {
  const thickest = thicknessMm * Math.min(1.5, swelling);
  if (random.chance(0.15)) return alongFalx(plan, Math.min(6, thickest), random);
  const isLeft = random.chance(0.5);
  const azimuth = random.uniform(-0.5, 0.6);
  const elevation = random.uniform(0.15, 0.75);
  const wide = random.uniform(0.75, 1.35) * swelling;
  const high = random.uniform(0.4, 0.75) * swelling;
  return overVault((place) => {
    const out = isLeft ? place.x : -place.x;
    if (out <= 0) return 0;
    const along = (Math.atan2(place.y, out) - azimuth) / wide;
    const up = (Math.atan2(place.z - MIDDLE_Z, Math.hypot(place.x, place.y)) - elevation) / high;
    const apart = along * along + up * up;
    if (apart >= 1) return 0;
    return (
      thickest *
      Math.sqrt(1 - apart) *
      (1 + 0.12 * plan.warp(place.x, place.y, place.z)) *
      Math.min(1, out / 9)
    );
  });
};

/** Fills the outermost millimetres of the skull's inside and pushes the brain inward. */
function overVault(thickness: Thickness): Omit<Bleed, 'subtype' | 'hu'> {
  return {
    holds: (place) => isInside(place) && place.depth < thickness(place),
    push: (place) => {
      if (place.depth > 60) return;
      const here = thickness(place);
      if (here <= 0) return;
      const past = Math.max(0, place.depth - here);
      place.brainDepth = Math.max(0, Math.min(place.brainDepth, past));
      const shift =
        (here * Math.exp(-past / 22)) / Math.max(20, Math.hypot(place.x, place.y, place.z - MIDDLE_Z));
      place.u += place.x * shift;
      place.v += place.y * shift;
      place.w += (place.z - MIDDLE_Z) * shift;
    },
    oedemaHu: () => 0,
  };
}

/** Bone keeps its place: the depth under the vault is above 0 in the base of the skull too. */
const isInside = ({ kind, brainDepth, depth }: Place): boolean =>
  kind >= KIND.grey && (brainDepth > 0 || depth > 0);

function alongFalx(plan: HeadPlan, thickMm: number, random: Random): Omit<Bleed, 'subtype' | 'hu'> {
  const side = random.chance(0.5) ? 1 : -1;
  const middle = random.uniform(-40, 40);
  const long = random.uniform(26, 44);
  const zs = random.uniform(45, 62);
  return {
    holds: (place) => {
      const { x, y, z, depth, kind } = place;
      if (kind < KIND.grey || depth > 32 || z < 22) return false;
      const off = side * (x - midlineX(plan, y, z)) - plan.falxMm / 2;
      const apart = ((y - middle) / long) ** 2 + ((z - zs) / 26) ** 2;
      return apart < 1 && off > -0.3 && off < thickMm * Math.sqrt(1 - apart);
    },
    push: () => undefined,
    oedemaHu: () => 0,
  };
}

interface VaultPoint {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A direction from the middle of the head, of length 1. */
function vaultPoint(azimuth: number, elevation: number, isLeft: boolean): VaultPoint {
  const flat = Math.cos(elevation);
  const x = flat * Math.cos(azimuth) * (isLeft ? 1 : -1);
  return { x, y: flat * Math.sin(azimuth), z: Math.sin(elevation) };
}

function arcMm({ x, y, z }: Place, centre: VaultPoint): number {
  const length = Math.hypot(x, y, z - MIDDLE_Z);
  const cosine = (x * centre.x + y * centre.y + (z - MIDDLE_Z) * centre.z) / Math.max(1, length);
  return SKULL_RADIUS_MM * Math.acos(Math.min(1, cosine));
}

/** Bones an epidural bleed lies under, azimuth 0 at the side and below 0 to the front. */
const CELLS: readonly {
  readonly azimuth: (random: Random) => number;
  readonly elevation: (random: Random) => number;
}[] = [
  { azimuth: (r) => r.uniform(-0.1, 0.35), elevation: (r) => r.uniform(-0.05, 0.3) },
  { azimuth: (r) => r.uniform(-0.1, 0.35), elevation: (r) => r.uniform(-0.05, 0.3) },
  { azimuth: (r) => r.uniform(0.1, 0.6), elevation: (r) => r.uniform(0.35, 0.8) },
  { azimuth: (r) => r.uniform(-1.2, -0.75), elevation: (r) => r.uniform(0.05, 0.6) },
];

/** Coronal and lambdoid suture as planes, and the sagittal one; distance from the nearest, negative beyond it, mm. */
function sutureMm(plan: HeadPlan, { x, y, z }: Place, centre: VaultPoint): number {
  const coronal = y / plan.scale.y + 27 - 0.15 * (z - 40);
  const lambdoid = 60 - 0.3 * (z - 40) - y / plan.scale.y;
  const isFrontal = centre.y < -0.55;
  const sagittal = x * Math.sign(centre.x);
  return Math.min(isFrontal ? -coronal : Math.min(coronal, lambdoid), z > 30 || isFrontal ? sagittal : 99);
}

import type { Random } from '../../base/index.ts';
import { createNoiseField, type NoiseField } from './noise-field.ts';

/**
 * What makes one head differ from another. Places in the head: mm, x to the patient's left, y to the back, z up; the
 * origin lies at the sella, between the temporal lobes.
 */
export interface HeadPlan {
  readonly scale: { readonly x: number; readonly y: number; readonly z: number };
  /** 0 young and full, 1 old and shrunken: sulci, cisterns, ventricles. */
  readonly atrophy: number;
  readonly ventricleScale: number;
  readonly skullMm: number;
  readonly scalpMm: number;
  readonly boneHu: number;
  readonly greyHu: number;
  readonly whiteHu: number;
  readonly csfHu: number;
  readonly sinusHu: number;
  readonly falxMm: number;
  readonly falxHu: number;
  readonly tentoriumMm: number;
  /** Strength of beam hardening: its bright rim under the vault is about this high, HU. */
  readonly beamHu: number;
  /** Share of small white-matter darkening in old age. */
  readonly paleWhiteHu: number;
  /** Calcified pineal, plexus and globus pallidus: radius, mm; 0 for none. */
  readonly pinealMm: number;
  readonly plexusMm: number;
  readonly pallidumMm: number;
  /** Calcified plaques of the falx, mm long; 0 for none. */
  readonly falxPlaqueMm: number;
  readonly calciumHu: number;
  /** How much larger the left lateral ventricle is than the right one: 1 for alike. */
  readonly ventricleAsymmetry: number;
  /** A calcified granuloma or meningioma: its place and radius, mm. */
  readonly granuloma?: {
    readonly x: number;
    readonly y: number;
    readonly z: number;
    readonly radiusMm: number;
  };
  readonly airCells: number;
  /** Noise surfaces: sulci, slow warps, fine texture. */
  readonly folds: NoiseField;
  /** Distance over which `folds` grows by 1 near its zero surfaces, mm. */
  readonly foldMm: number;
  readonly warp: NoiseField;
  readonly warpAcross: NoiseField;
  readonly texture: NoiseField;
}

/** Findings that look like blood and are none. */
export const MIMIC_NAMES = ['calcification', 'dense-sinus', 'thick-tentorium', 'beam-hardening'] as const;
export type MimicName = (typeof MIMIC_NAMES)[number];

/** A head from a seed. */
export function planHead(random: Random, mimics: ReadonlySet<MimicName>): HeadPlan {
  const size = random.normal(1, 0.03);
  const atrophy = random.uniform(0, 1) ** 1.3;
  const calcified = mimics.has('calcification');
  const thick = mimics.has('thick-tentorium');
  const greyHu = random.uniform(37, 42.5);
  const waveMm = random.uniform(22, 27);
  const common = (share: number): boolean => random.chance(share);
  return {
    scale: {
      x: size * random.normal(1, 0.025),
      y: size * random.normal(1, 0.025),
      z: size * random.normal(1, 0.025),
    },
    atrophy,
    ventricleScale: random.uniform(0.7, 1) + 0.75 * atrophy * random.uniform(0.5, 1),
    skullMm: random.uniform(5, 8),
    scalpMm: random.uniform(4, 7.5),
    boneHu: random.uniform(1300, 1700),
    greyHu,
    whiteHu: greyHu - random.uniform(7.5, 10),
    csfHu: random.uniform(3, 8),
    sinusHu: mimics.has('dense-sinus') ? random.uniform(66, 80) : random.uniform(46, 60),
    falxMm: thick ? random.uniform(1.8, 3.2) : random.uniform(0.6, 1.3),
    falxHu: thick ? random.uniform(60, 75) : random.uniform(46, 58),
    tentoriumMm: thick ? random.uniform(2, 3.4) : random.uniform(0.6, 1.2),
    beamHu: mimics.has('beam-hardening') ? random.uniform(9, 15) : random.uniform(0, 3),
    paleWhiteHu: 6 * atrophy * random.uniform(0, 1),
    pinealMm: common(calcified ? 0.9 : 0.4) ? random.uniform(1.2, calcified ? 4 : 2.8) : 0,
    plexusMm: common(calcified ? 0.9 : 0.35) ? random.uniform(1.5, calcified ? 5 : 3) : 0,
    pallidumMm: calcified && common(0.5) ? random.uniform(2, 5) : 0,
    falxPlaqueMm: calcified && common(0.5) ? random.uniform(6, 18) : 0,
    ...(calcified && common(0.4)
      ? {
          granuloma: {
            x: random.uniform(-45, 45),
            y: random.uniform(-45, 55),
            z: random.uniform(35, 70),
            radiusMm: random.uniform(1.5, 5),
          },
        }
      : {}),
    calciumHu: random.uniform(110, 260),
    ventricleAsymmetry: random.uniform(0.85, 1.18),
    airCells: random.uniform(-0.4, 0.4),
    folds: createNoiseField(random.fork('folds'), waveMm, 18),
    foldMm: waveMm / (2 * Math.PI),
    warp: createNoiseField(random.fork('warp'), 75),
    warpAcross: createNoiseField(random.fork('across'), 75),
    texture: createNoiseField(random.fork('texture'), 9),
  };
}

import type { Random } from '../../base/index.ts';
import type { Scanner } from '../cohort/cohort-settings.ts';

/** How the head lies in the scanner and how it is scanned. */
export interface ScanPlan {
  readonly scanner: Scanner;
  readonly slices: number;
  readonly sliceSpacingMm: number;
  readonly sliceThicknessMm: number;
  /** Rows and columns of a slice as delivered. */
  readonly side: number;
  readonly fieldOfViewMm: number;
  /** Height of the first slice over the sella, mm. */
  readonly lowestMm: number;
  readonly turnDegrees: number;
  readonly tiltDegrees: number;
  /** How much higher the left side lies than the right one. */
  readonly leanDegrees: number;
  readonly shiftMm: { readonly x: number; readonly y: number };
  readonly noiseHu: number;
}

/** What is scanned, mm from the lowest to the highest slice. */
const COVERED_MM = [132, 146] as const;

/** An ordinary protocol, where no scanner is given. */
export const ORDINARY_SCANNER: Scanner = {
  manufacturer: 'Ichor',
  model: 'ordinary',
  kernel: { name: 'SMOOTH', blurMm: 0.58, sharpening: 0.1 },
  noiseHu: [2.6, 4.2],
  side: 512,
  fieldOfViewMm: [225, 248],
  sliceThicknessMm: 5,
  sliceSpacingMm: 5,
  exposureTimeMs: 1000,
};

export function planScan(random: Random, scanner: Scanner): ScanPlan {
  const { sliceSpacingMm, sliceThicknessMm, side } = scanner;
  return {
    scanner,
    slices: Math.round(random.uniform(...COVERED_MM) / sliceSpacingMm) + 1,
    sliceSpacingMm,
    sliceThicknessMm,
    side,
    fieldOfViewMm: random.uniform(...scanner.fieldOfViewMm),
    lowestMm: random.uniform(-50, -42),
    turnDegrees: random.normal(0, 5),
    tiltDegrees: random.uniform(-8, 8),
    leanDegrees: random.normal(0, 2),
    shiftMm: { x: random.normal(0, 4), y: random.normal(0, 4) },
    noiseHu: random.uniform(...scanner.noiseHu),
  };
}

import { at, HEMORRHAGE_SUBTYPE_NAMES } from '../base/index.ts';
import type { Bleed } from './bleeds/bleed.ts';
import type { DrawnSlice } from './scan/draw-head.ts';
import type { ScanPlan } from './scan/scan-plan.ts';
import { enlarged } from './scan/scan-slice.ts';

/** A pixel belongs to a bleed that fills this much of it. */
const FILLED_SHARE = 0.4;
/** Less of a bleed on a slice is not counted: nobody would see it. */
const VISIBLE_MM2 = 15;

/** Writes a slice's masks into `to`: 0, or the place of the subtype in HEMORRHAGE_SUBTYPES from 1. Pixels a bleed. */
export function maskSlice(
  drawn: DrawnSlice,
  scan: ScanPlan,
  bleeds: readonly Bleed[],
  to: Uint8Array,
): Map<number, number> {
  const leastPixels = VISIBLE_MM2 / (scan.fieldOfViewMm / scan.side) ** 2;
  const pixels = new Map<number, number>();
  for (const [index, coverage] of drawn.blood) {
    const value = 1 + HEMORRHAGE_SUBTYPE_NAMES.indexOf(at(bleeds, index).subtype);
    const share = enlarged(coverage, drawn.side, scan.side);
    const isMine = (i: number): boolean => at(share, i) >= FILLED_SHARE && to[i] === 0;
    let count = 0;
    for (let i = 0; i < share.length; i++) if (isMine(i)) count++;
    if (count < leastPixels) continue;
    for (let i = 0; i < share.length; i++) if (isMine(i)) to[i] = value;
    pixels.set(index, count);
  }
  return pixels;
}

import type { Random } from '../../base/index.ts';
import { blurred } from './blur.ts';
import type { DrawnSlice } from './draw-head.ts';
import { createGrain, type GrainTile, TILE_SIDE } from './grain.ts';
import type { ScanPlan } from './scan-plan.ts';

const LEAST_HU = -1024;
/** Enlarging by straight lines blurs by about this many drawn pixels. */
const ENLARGING_BLUR = 0.4;

/** Two tiles, laid over each other at random, serve all slices. */
const grainTiles = (scan: ScanPlan, random: Random): readonly GrainTile[] => {
  const sigma = Math.max(0.35, (scan.scanner.kernel.blurMm * scan.side) / scan.fieldOfViewMm / 1.3);
  return ['first', 'second'].map((name) =>
    createGrain(random.fork(name), sigma, scan.scanner.kernel.sharpening),
  );
};

/** What all slices of a scan share: noise, and what the head lies on. */
export interface ScanField {
  readonly tiles: readonly GrainTile[];
  readonly holderHu: Float32Array;
}

export const scanField = (scan: ScanPlan, random: Random): ScanField => ({
  tiles: grainTiles(scan, random),
  holderHu: Float32Array.from({ length: scan.side ** 2 }, (_, i) =>
    holderHu(Math.floor(i / scan.side), i % scan.side, scan),
  ),
});

/** A drawn slice as the scanner delivers it, into `to`: kernel, enlarging, holder, noise. */
export function scanSlice(
  drawn: DrawnSlice,
  scan: ScanPlan,
  field: ScanField,
  random: Random,
  to: Int16Array,
): void {
  const edged = enlarged(withKernel(drawn, scan), drawn.side, scan.side);
  const [first, second] = field.tiles as readonly [GrainTile, GrainTile];
  const offset = () => random.integer(0, TILE_SIDE - 1);
  const [r1, c1, r2, c2] = [offset(), offset(), offset(), offset()];
  const strength = scan.noiseHu / Math.SQRT2;
  const wrap = TILE_SIDE - 1;
  for (let row = 0, i = 0; row < scan.side; row++) {
    const a = ((row + r1) & wrap) * TILE_SIDE;
    const b = ((row + r2) & wrap) * TILE_SIDE;
    for (let column = 0; column < scan.side; column++, i++) {
      const grain =
        (first[a + ((column + c1) & wrap)] as number) + (second[b + ((column + c2) & wrap)] as number);
      const hu = Math.max(edged[i] as number, field.holderHu[i] as number) + strength * grain;
      to[i] = hu < LEAST_HU ? LEAST_HU : Math.round(hu);
    }
  }
}

/** Point spread and edge enhancement of the kernel. */
function withKernel({ hu, side }: DrawnSlice, scan: ScanPlan): Float32Array {
  const { blurMm, sharpening } = scan.scanner.kernel;
  const sigma = (blurMm * side) / scan.fieldOfViewMm;
  const soft = blurred(hu, side, Math.sqrt(Math.max(0.01, sigma ** 2 - ENLARGING_BLUR ** 2)));
  if (sharpening === 0) return soft;
  const wide = blurred(hu, side, Math.hypot(sigma, 0.9));
  return soft.map((v, i) => v + sharpening * (v - (wide[i] as number)));
}

/** An image of numbers, from `side` to `newSide` pixels a side, by straight lines. */
export function enlarged(from: Float32Array, side: number, newSide: number): Float32Array {
  const to = new Float32Array(newSide * newSide);
  const places = Array.from({ length: newSide }, (_, i) => {
    const at = Math.min(side - 1, Math.max(0, ((i + 0.5) * side) / newSide - 0.5));
    const low = Math.min(side - 2, Math.floor(at));
    return [low, at - low] as const;
  });
  const lows = Int32Array.from(places, ([low]) => low);
  const shares = Float32Array.from(places, ([, share]) => share);
  for (let row = 0, i = 0; row < newSide; row++) {
    const above = (lows[row] as number) * side;
    const v = shares[row] as number;
    for (let column = 0; column < newSide; column++, i++) {
      const j = above + (lows[column] as number);
      const u = shares[column] as number;
      const top = (from[j] as number) * (1 - u) + (from[j + 1] as number) * u;
      const bottom = (from[j + side] as number) * (1 - u) + (from[j + side + 1] as number) * u;
      to[i] = top * (1 - v) + bottom * v;
    }
  }
  return to;
}

/** Where the holder's shell is lowest, mm behind the middle of the head; a pad lies in it. */
const HOLDER = { lowestMm: 106, radiusMm: 128, padMm: 11 } as const;

/** The shell of the head holder, its pad, and the table below where the field of view shows it. */
function holderHu(row: number, column: number, { side, fieldOfViewMm, shiftMm }: ScanPlan): number {
  const y = ((row - side / 2) * fieldOfViewMm) / side - shiftMm.y;
  if (y < 45) return -1000;
  const x = ((column - side / 2) * fieldOfViewMm) / side;
  const outward = Math.hypot(x, y - HOLDER.lowestMm + HOLDER.radiusMm) - HOLDER.radiusMm;
  if (Math.abs(outward) < 1.2) return 120;
  if (outward < 0 && outward > -HOLDER.padMm) return -960;
  return Math.abs(y - 126 + 0.0012 * x * x) < 1.5 ? 60 : -1000;
}

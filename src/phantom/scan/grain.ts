import type { Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import { blurred } from './blur.ts';

/** Periodic noise of deviation 1, TILE_SIDE pixels a side. */
export type GrainTile = Float32Array;
/** A power of two, so that wrapping round is a mask. */
export const TILE_SIDE = 512;

/**
 * Noise as filtered back-projection leaves it: as fine as the kernel's point spread, and without its slowest waves.
 * `sigma` in pixels.
 */
export function createGrain(random: Random, sigma: number, sharpening: number): GrainTile {
  const white = whiteNoise(random);
  const fine = blurred(white, TILE_SIDE, sigma);
  const wide = blurred(white, TILE_SIDE, 2.5 * sigma + 1);
  const share = Math.min(0.95, 0.5 + 0.5 * sharpening);
  const tile = fine.map((v, i) => v - share * at(wide, i));
  const deviation = Math.sqrt(tile.reduce((sum, v) => sum + v * v, 0) / tile.length);
  return tile.map((v) => v / deviation);
}

/** Normal numbers in pairs (Box-Muller). */
function whiteNoise(random: Random): Float32Array {
  const noise = new Float32Array(TILE_SIDE * TILE_SIDE);
  for (let i = 0; i < noise.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    noise[i] = radius * Math.cos(angle);
    noise[i + 1] = radius * Math.sin(angle);
  }
  return noise;
}

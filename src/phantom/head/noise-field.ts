import type { Random } from '../../base/index.ts';

/** A smooth random function of the place in the head, mm; mean 0, deviation 1. */
export type NoiseField = (x: number, y: number, z: number) => number;

const REACH_MM = 128;

/**
 * A narrow-band random field: waves of about one length in all directions. Its zero surfaces fold like the surface of
 * the brain, half a wave apart.
 */
export function createNoiseField(random: Random, waveMm: number, waves = 14): NoiseField {
  const step = Math.max(2.5, waveMm / 7);
  const size = Math.ceil((2 * REACH_MM) / step) + 2;
  const grid = new Float32Array(size ** 3);
  for (let wave = 0; wave < waves; wave++)
    addWave(grid, size, step, waveMm * random.uniform(0.85, 1.2), random);
  const scale = Math.sqrt(2 / waves);
  for (let i = 0; i < grid.length; i++) grid[i] = (grid[i] as number) * scale;
  return (x, y, z) =>
    interpolate(grid, size, (x + REACH_MM) / step, (y + REACH_MM) / step, (z + REACH_MM) / step);
}

/** cos(a + b) by products: no cosine a grid point. */
function addWave(grid: Float32Array, size: number, step: number, waveMm: number, random: Random): void {
  const up = random.uniform(-1, 1);
  const around = random.uniform(0, 2 * Math.PI);
  const flat = Math.sqrt(1 - up * up);
  const k = (2 * Math.PI * step) / waveMm;
  const [kx, ky, kz] = [k * flat * Math.cos(around), k * flat * Math.sin(around), k * up];
  const phase = random.uniform(0, 2 * Math.PI);
  const cosX = Float32Array.from({ length: size }, (_, i) => Math.cos(kx * i));
  const sinX = Float32Array.from({ length: size }, (_, i) => Math.sin(kx * i));
  for (let s = 0, i = 0; s < size; s++) {
    for (let r = 0; r < size; r++) {
      const cosine = Math.cos(phase + ky * r + kz * s);
      const sine = Math.sin(phase + ky * r + kz * s);
      for (let c = 0; c < size; c++, i++)
        grid[i] = (grid[i] as number) + cosine * (cosX[c] as number) - sine * (sinX[c] as number);
    }
  }
}

function interpolate(grid: Float32Array, size: number, x: number, y: number, z: number): number {
  const last = size - 2;
  const c = Math.min(last, Math.max(0, Math.floor(x)));
  const r = Math.min(last, Math.max(0, Math.floor(y)));
  const s = Math.min(last, Math.max(0, Math.floor(z)));
  const [u, v, w] = [x - c, y - r, z - s];
  const i = (s * size + r) * size + c;
  const j = i + size * size;
  const low = mix(
    mix(at(grid, i), at(grid, i + 1), u),
    mix(at(grid, i + size), at(grid, i + size + 1), u),
    v,
  );
  const high = mix(
    mix(at(grid, j), at(grid, j + 1), u),
    mix(at(grid, j + size), at(grid, j + size + 1), u),
    v,
  );
  return mix(low, high, w);
}

const at = (grid: Float32Array, i: number): number => grid[i] as number;
const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

import type { Vector3 } from '../../volume/index.ts';

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function norm(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** Never -0, which texts and comparisons would show. */
export function scale(a: Vector3, factor: number): Vector3 {
  return [a[0] * factor + 0, a[1] * factor + 0, a[2] * factor + 0];
}

export function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

/** In degrees, 0 to 180. */
export function angleBetween(a: Vector3, b: Vector3): number {
  return degrees(Math.acos(Math.max(-1, Math.min(1, dot(a, b) / (norm(a) * norm(b))))));
}

/** The middle value, the lower one of two: always a value that occurs. NaN of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

import type { Random } from '../../src/base/index.ts';

/** Bytes replaced, most of them near the start where the structure lies, and at times cut off, doubled or put in. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const altered = Buffer.from(bytes);
  for (let i = random.integer(1, 6); i > 0; i--) {
    const reach = random.chance(0.5) ? Math.min(400, altered.length) : altered.length;
    altered[random.integer(0, reach - 1)] = random.integer(0, 255);
  }
  const place = random.integer(1, altered.length);
  if (random.chance(0.2)) return altered.subarray(0, place);
  if (random.chance(0.1)) return Buffer.concat([altered.subarray(0, place), altered]);
  return altered;
}

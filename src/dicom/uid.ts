import type { Random } from '../base/index.ts';

/** A UID from seeded random numbers: 2.25 and a 112-bit integer (PS3.5 B.2). */
export function newUid(random: Random): string {
  let value = 0n;
  for (let i = 0; i < 7; i++) value = (value << 16n) | BigInt(random.integer(0, 0xffff));
  return `2.25.${value}`;
}

const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const PASSES = 6;

/**
 * The rows of `values` from the smallest to the largest, equal ones in their given order: a radix sort of the
 * doubles' bits, linear in the rows. Values are finite; -0 counts as 0.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const keys = sortableBits(values);
  let order = new Uint32Array(values.length).map((_, row) => row);
  let spare = new Uint32Array(values.length);
  for (let pass = 0; pass < PASSES; pass++) {
    if (scatter(keys, order, spare, pass)) [order, spare] = [spare, order];
  }
  return order;
}

/** Unsigned integers, [row][low, high], in the order of the doubles: the sign bit flipped, or all bits if negative. */
function sortableBits(values: Float64Array): Uint32Array {
  const bits = new Uint32Array(Float64Array.from(values, (value) => value + 0).buffer);
  for (let row = 0; row < values.length; row++) {
    const high = bits[2 * row + 1] as number;
    const flip = high >>> 31 === 1 ? 0xffffffff : 0;
    bits[2 * row] = (bits[2 * row] as number) ^ flip;
    bits[2 * row + 1] = high ^ (flip | 0x80000000);
  }
  return bits;
}

/** One pass over a digit; false where all rows share it and nothing moved. */
function scatter(keys: Uint32Array, from: Uint32Array, to: Uint32Array, pass: number): boolean {
  const starts = new Uint32Array(BUCKETS + 1);
  for (const row of from) starts[digit(keys, row, pass) + 1]!++;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (starts[bucket + 1] === from.length) return false;
    starts[bucket + 1]! += starts[bucket] as number;
  }
  for (const row of from) to[starts[digit(keys, row, pass)]!++] = row;
  return true;
}

/** Bits 11 * pass .. 11 * pass + 10 of a row's 64. */
function digit(keys: Uint32Array, row: number, pass: number): number {
  const low = keys[2 * row] as number;
  const high = keys[2 * row + 1] as number;
  const shift = pass * DIGIT_BITS;
  if (shift >= 32) return (high >>> (shift - 32)) & (BUCKETS - 1);
  if (shift + DIGIT_BITS <= 32) return (low >>> shift) & (BUCKETS - 1);
  return ((low >>> shift) | (high << (32 - shift))) & (BUCKETS - 1);
}

import { at } from '../base/index.ts';

const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const DIGIT_SHIFTS = [0, 11, 22];

/**
 * The rows of `values` from the smallest to the largest, equal ones in their given order: a radix sort of the upper 32
 * bits of the doubles, then of the few that share them. Linear in the rows. Values are finite; -0 counts as 0.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const rows = values.length;
  let keys: Uint32Array = upperBits(values);
  let order: Uint32Array = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[row] = row;
  let [spareKeys, spareOrder]: [Uint32Array, Uint32Array] = [new Uint32Array(rows), new Uint32Array(rows)];
  for (const shift of DIGIT_SHIFTS) {
    if (!scatter(keys, order, spareKeys, spareOrder, shift)) continue;
    [keys, spareKeys] = [spareKeys, keys];
    [order, spareOrder] = [spareOrder, order];
  }
  settleEqualKeys(values, keys, order);
  return order;
}

/** The upper half of each double as an unsigned integer in the doubles' order: sign flipped, all bits if negative. */
function upperBits(values: Float64Array): Uint32Array {
  const double = new Float64Array(1);
  const halves = new Uint32Array(double.buffer);
  const keys = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    // adding 0 makes -0 into 0
    double[0] = at(values, row) + 0;
    const high = at(halves, 1);
    keys[row] = high >>> 31 === 1 ? ~high : high | 0x80000000;
  }
  return keys;
}

/** One stable pass over a digit; false where all rows share it and nothing moved. */
function scatter(
  keys: Uint32Array,
  order: Uint32Array,
  toKeys: Uint32Array,
  toOrder: Uint32Array,
  shift: number,
): boolean {
  const starts = new Uint32Array(BUCKETS + 1);
  const mask = BUCKETS - 1;
  for (let k = 0; k < keys.length; k++) starts[((at(keys, k) >>> shift) & mask) + 1]!++;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (starts[bucket + 1] === keys.length) return false;
    starts[bucket + 1]! += at(starts, bucket);
  }
  for (let k = 0; k < keys.length; k++) {
    const key = at(keys, k);
    const place = starts[(key >>> shift) & mask]!++;
    toKeys[place] = key;
    toOrder[place] = at(order, k);
  }
  return true;
}

/** Sorts the rows that share their upper bits by the whole value; those that are wholly equal stay as they are. */
function settleEqualKeys(values: Float64Array, keys: Uint32Array, order: Uint32Array): void {
  for (let start = 0, end = 0; start < keys.length; start = end) {
    end = start + 1;
    let ascending = true;
    while (end < keys.length && keys[end] === keys[start]) {
      if (at(values, at(order, end)) < at(values, at(order, end - 1))) ascending = false;
      end++;
    }
    if (ascending) continue;
    order.subarray(start, end).sort((a, b) => at(values, a) - at(values, b) || a - b);
  }
}

/** Codes up to this length are found by one look. */
export const LOOKUP_BITS = 10;
const LONGEST_CODE = 16;
/** Values of lossless frames are counts of bits, 0 to 16. */
const NO_VALUE = 17;

/** A table of Huffman codes (ITU-T T.81 annex C). */
export interface HuffmanTable {
  /** By the next LOOKUP_BITS bits: the code's length << 8 | its value; 0 where the code is longer, or is none. */
  readonly lookup: Uint16Array;
  /** The same by the next 16 bits, for every length. Throws where they start no code. */
  categoryOf(next: number): number;
}

/**
 * @param counts how many codes there are of each length, 1 to 16
 * @param values of the codes, shortest first
 */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  // Of each length: the code that is no longer one of it, at 16 bits, and what leads from a code to its value
  const limits: number[] = [];
  const shifts: number[] = [];
  let code = 0;
  let place = 0;
  for (const [i, count] of counts.entries()) {
    const length = i + 1;
    shifts.push(place - code);
    for (let k = 0; k < count; k++, code++, place++) {
      const [free, value] = [LOOKUP_BITS - length, values[place] ?? NO_VALUE];
      if (free >= 0 && value < NO_VALUE) lookup.fill((length << 8) | value, code << free, (code + 1) << free);
    }
    limits.push(code << (LONGEST_CODE - length));
    code <<= 1;
  }
  return {
    lookup,
    categoryOf: (next) => {
      const i = limits.findIndex((limit) => next < limit);
      const value = i < 0 ? undefined : values[(next >>> (LONGEST_CODE - i - 1)) + (shifts[i] ?? 0)];
      if (value === undefined || value >= NO_VALUE) throw new Error('a code is none of the table');
      return ((i + 1) << 8) | value;
    },
  };
}

import { at } from './at.ts';
/** One array of all parts, one after another; a single part is given as it is. */
export const joinBytes = (parts: readonly Uint8Array[]): Uint8Array =>
  joined(parts, (length) => new Uint8Array(length));

/** As joinBytes, of floats. */
export const joinFloats = (parts: readonly Float32Array[]): Float32Array =>
  joined(parts, (length) => new Float32Array(length));

function joined<Part extends Uint8Array | Float32Array>(
  parts: readonly Part[],
  ofLength: (length: number) => Part,
): Part {
  if (parts.length === 1) return at(parts, 0);
  const whole = ofLength(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}

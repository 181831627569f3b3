import { expect } from 'vitest';

interface Tolerance {
  /** Allowed |received - expected| beyond the relative part. */
  readonly absolute?: number;
  /** Allowed share of |expected|. */
  readonly relative?: number;
}

/** Element by element, as numpy.allclose: |received - expected| <= absolute + relative * |expected|. */
function worstDifference(received: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance) {
  const { absolute = 1e-8, relative = 1e-5 } = tolerance;
  for (let i = 0; i < expected.length; i++) {
    const a = received[i] as number;
    const b = expected[i] as number;
    const close = Object.is(a, b) || Math.abs(a - b) <= absolute + relative * Math.abs(b);
    if (!close) return `element ${i}: received ${a}, expected ${b}`;
  }
  return undefined;
}

expect.extend({
  toBeAllClose(received: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance = {}) {
    const problem =
      received.length === expected.length
        ? worstDifference(received, expected, tolerance)
        : `length: received ${received.length}, expected ${expected.length}`;
    return { pass: problem === undefined, message: () => problem ?? 'all elements are close' };
  },
});

declare module 'vitest' {
  interface Assertion<T> {
    toBeAllClose(expected: ArrayLike<number>, tolerance?: Tolerance): void;
  }
}

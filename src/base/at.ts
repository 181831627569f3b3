/**
 * The element at a place that the caller knows to be inside. Throws RangeError where it is not: a wrong index is a fault
 * of ours that must not go on as `undefined` or NaN. The one idiom for reading by index; only the loops that
 * scripts/count-casts.mjs lists read past the compiler.
 */
export function at<T>(values: ArrayLike<T>, index: number): T {
  if (index >= 0 && index < values.length) return values[index] as T;
  throw new RangeError(`no element ${index} among ${values.length}`);
}

/**
 * The element at a place that the caller knows to be inside. Throws RangeError where it is not: a wrong index is a fault
 * of ours that must not go on as `undefined` or NaN. The one idiom for reading by index; only the loops that
 * scripts/count-casts.mjs lists read past the compiler.
 */
export function at<T>(values: ArrayLike<T>, index: number): T {
  if (index >= 0 && index < values.length) return values[index] as T;
  throw new RangeError(`no element ${index} among ${values.length}`);
}

/** At least one: the first needs no check. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** The same list, known to hold something. Throws RangeError where it is empty. */
export function nonEmpty<T>(values: readonly T[]): NonEmpty<T> {
  const [first, ...rest] = values;
  if (values.length > 0) return [first as T, ...rest];
  throw new RangeError('an empty list, expected at least one element');
}

type Tuple<T, Count extends number, Filled extends readonly T[] = []> = Filled['length'] extends Count
  ? Filled
  : Tuple<T, Count, readonly [...Filled, T]>;

/** The first so many elements as a tuple, so that each gets a name. Throws RangeError where there are fewer. */
export function firstOf<T, Count extends number>(values: readonly T[], count: Count): Tuple<T, Count> {
  if (values.length >= count) return values.slice(0, count) as unknown as Tuple<T, Count>;
  throw new RangeError(`${values.length} elements, expected at least ${count}`);
}

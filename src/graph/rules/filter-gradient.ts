import type { Dimension } from '../dimension.ts';
import type { ConvolutionAttributes } from '../forms/convolution.ts';
import { multiply } from '../forms/elementwise.ts';
import { concat, pad, reshape, slice } from '../forms/layout.ts';
import { matMul } from '../forms/linear.ts';
import { reduceSum } from '../forms/reduction.ts';
import type { Value } from '../value.ts';

const spaceOf = (value: Value): number[] => value.shape.slice(2) as number[];
const channelsOf = (value: Value): number => value.shape[1] as number;
const productOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** d loss / d weights: for each place of the kernel, the product of the cotangent with the input shifted by it. */
export function filterGradient(
  dy: Value,
  x: Value,
  weights: Value,
  attributes: ConvolutionAttributes,
): Value {
  const kernel = spaceOf(weights);
  const products = phasesOf(kernel, attributes.strides).flatMap((phase) =>
    phaseProducts(dy, x, phase, attributes),
  );
  const inOrder = products.sort((a, b) => a.place - b.place).map(({ product }) => product);
  const perSlice = inOrder.length === 1 ? (inOrder[0] as Value) : concat(inOrder, 3);
  return reshape(reduceSum(perSlice, { axes: [0] }), weights.shape);
}

/** The kernel's places that fall on one phase of the stride: every one of them is a shift of the same plane. */
interface Phase {
  /** First row, column, ... of the padded input that belongs to it. */
  readonly start: readonly number[];
  /** Places of the kernel on each axis. */
  readonly sizes: readonly number[];
  /** Each place's shift, and where it stands in the whole kernel. */
  readonly shifts: readonly { readonly shift: readonly number[]; readonly place: number }[];
}

/** At stride 1 there is one phase; at stride 2 even and odd rows and columns, and so on. */
function phasesOf(kernel: readonly number[], strides: readonly number[]): Phase[] {
  const starts = placesOf(strides.map((stride, axis) => Math.min(stride, kernel[axis] as number)));
  return starts.map((start) => {
    const sizes = kernel.map((size, axis) =>
      Math.ceil((size - (start[axis] as number)) / (strides[axis] as number)),
    );
    const shifts = placesOf(sizes).map((shift) => {
      const at = shift.map((s, axis) => (start[axis] as number) + s * (strides[axis] as number));
      return { shift, place: flatPlace(at, kernel) };
    });
    return { start, sizes, shifts };
  });
}

/** All places of a grid, in row-major order. */
function placesOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );
}

const flatPlace = (place: readonly number[], sizes: readonly number[]): number =>
  place.reduce((flat, at, axis) => flat * (sizes[axis] as number) + at, 0);

/**
 * One product a place of the kernel, [N, out, in / groups, 1]. The cotangent is laid into planes as wide as the
 * input's, zeros at the right: then a shift by rows and columns is one by a number of elements, a plain copy.
 */
function phaseProducts(
  dy: Value,
  x: Value,
  { start, sizes, shifts }: Phase,
  attributes: ConvolutionAttributes,
) {
  const reach = sizes.map((size) => size - 1);
  const none = reach.map(() => 0);
  const wide = [0, ...reach.slice(1)];
  const spread = wide.some((n) => n > 0) ? pad(dy, [0, 0, ...none], [0, 0, ...wide]) : dy;
  const width = spaceOf(spread);
  const length = productOf(width);
  // One row more than is reached: the last shift ends within it
  const extra = wide.some((n) => n > 0) ? 1 : 0;
  const planes = width.map((size, axis) => (axis === 0 ? size + (reach[0] as number) + extra : size));
  const source = flatten(phasePlanes(x, start, planes, extra, attributes), productOf(planes));
  const cotangent = flatten(spread, length);
  return shifts.map(({ shift, place }) => {
    const first = flatPlace(shift, planes);
    const whole = productOf(planes) === length;
    const shifted = whole ? source : slice(source, { axis: 2, start: first, end: first + length });
    return { place, product: product(cotangent, shifted, attributes.groups) };
  });
}

const flatten = (value: Value, length: number): Value =>
  reshape(value, [value.shape[0] as Dimension, channelsOf(value), length]);

/** The padded input from `start` on in steps of the stride, cut to the sizes of the planes. */
function phasePlanes(
  x: Value,
  start: readonly number[],
  planes: readonly number[],
  extraRows: number,
  { strides, before, after }: ConvolutionAttributes,
): Value {
  const below = after.map((n, axis) => (axis === 0 ? n + extraRows * (strides[0] as number) : n));
  const padded = [...before, ...below].every((n) => n === 0)
    ? x
    : pad(x, [0, 0, ...before], [0, 0, ...below]);
  return planes.reduce<Value>((cut, size, i) => {
    const [from, step] = [start[i] as number, strides[i] as number];
    const end = from + (size - 1) * step + 1;
    const whole = from === 0 && step === 1 && cut.shape[i + 2] === end;
    return whole ? cut : slice(cut, { axis: i + 2, start: from, end, step });
  }, padded);
}

/** Below this many places a plane's product is quicker element by element than as a matrix product of its own. */
const SMALL_PLANE = 600;

/** [N, out, places], [N, in, places] -> [N, out, in / groups, 1]. */
function product(dy: Value, x: Value, groups: number): Value {
  const slices = dy.shape[0] as Dimension;
  const [out, perGroup, places] = [channelsOf(dy), channelsOf(x) / groups, dy.shape[2] as number];
  if (perGroup === 1 && groups === out && places < SMALL_PLANE) {
    return reshape(reduceSum(multiply(dy, x), { axes: [2] }), [slices, out, 1, 1]);
  }
  const grouped = (value: Value) =>
    groups === 1 ? value : reshape(value, [slices, groups, channelsOf(value) / groups, places]);
  return reshape(matMul(grouped(dy), grouped(x), { transposeB: true }), [slices, out, perGroup, 1]);
}

import { at } from '../../base/index.ts';
import { multiplyDimensions } from '../dimension.ts';
import type { ConvolutionAttributes } from '../forms/convolution-attributes.ts';
import { concat, reshape, slice } from '../forms/layout.ts';
import { matMul } from '../forms/linear.ts';
import { reduceSum } from '../forms/reduction.ts';
import type { Value } from '../value.ts';
import { depthwiseProducts, isSmallDepthwise } from './depthwise-gradient.ts';
import { channelsFirst, channelsOf, padSpace, spaceOf } from './planes.ts';

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
  return reshape(inOrder.length === 1 ? at(inOrder, 0) : concat(inOrder, 2), weights.shape);
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
  const starts = placesOf(strides.map((stride, axis) => Math.min(stride, at(kernel, axis))));
  return starts.map((start) => {
    const sizes = kernel.map((size, axis) => Math.ceil((size - at(start, axis)) / at(strides, axis)));
    const shifts = placesOf(sizes).map((shift) => {
      const place = shift.map((s, axis) => at(start, axis) + s * at(strides, axis));
      return { shift, place: flatPlace(place, kernel) };
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
  place.reduce((flat, along, axis) => flat * at(sizes, axis) + along, 0);

/** One product a place of the kernel, [out, in / groups, 1]. */
function phaseProducts(dy: Value, x: Value, phase: Phase, attributes: ConvolutionAttributes) {
  const { source, before } = phasePlanes(x, dy, phase, attributes);
  const { groups } = attributes;
  if (isSmallDepthwise(dy, source, groups)) {
    const products = depthwiseProducts({ dy, x: source, kernel: phase.sizes, before });
    return phase.shifts.map(({ place }, i) => ({
      place,
      product: reshape(at(products, i), [groups, 1, 1]),
    }));
  }
  const merged =
    groups === 1 && productOf(phase.sizes) * channelsOf(dy) * channelsOf(x) > elementsOf(dy, source);
  const [cotangent, planes] = merged ? [channelsFirst(dy), channelsFirst(source)] : [dy, source];
  const multiplied = merged ? mergedProduct : groups === 1 ? denseProduct : groupedProduct;
  return phase.shifts.map(({ shift, place }) => {
    const [rows, columns] = shifted(cotangent, planes, shift, before);
    return { place, product: reshape(multiplied(rows, columns, groups), [...outIn(dy, x, groups), 1]) };
  });
}

const outIn = (dy: Value, x: Value, groups: number) => [channelsOf(dy), channelsOf(x) / groups] as const;
const placesIn = (value: Value): number => productOf(spaceOf(value));
const elementsOf = (dy: Value, x: Value): number =>
  channelsOf(dy) * placesIn(dy) + channelsOf(x) * placesIn(x);

/**
 * Half of the shift is the cotangent's, along the first axis, half is the input's, along the others, each with zeros
 * where nothing comes in: a 3 x 3 kernel takes two copies of either instead of nine of the input.
 */
function shifted(dy: Value, x: Value, shift: readonly number[], before: readonly number[]): [Value, Value] {
  const [sizes, out] = [spaceOf(x), spaceOf(dy)];
  const move = shift.map((k, axis) => k - at(before, axis));
  const room = sizes.map((size, axis) => size - at(out, axis));
  const first = (value: number) => move.map((_, axis) => (axis === 0 ? value : 0));
  const [down, below] = [at(move, 0), at(room, 0) - at(move, 0)];
  const right = move.map((m, axis) => (axis === 0 ? 0 : -m));
  const rest = move.map((m, axis) => (axis === 0 ? 0 : m - at(room, axis)));
  return [padSpace(dy, first(down), first(below)), padSpace(x, right, rest)];
}

/** What a phase reads, and its margin: at stride 1 the input as it is, else every so many rows and columns of it. */
function phasePlanes(
  x: Value,
  dy: Value,
  { start, sizes }: Phase,
  { strides, before, after }: ConvolutionAttributes,
): { source: Value; before: readonly number[] } {
  if (strides.every((stride) => stride === 1)) return { source: x, before };
  const out = spaceOf(dy);
  const cut = strides.reduce<Value>(
    (value, step, i) => {
      const from = at(start, i);
      const count = at(out, i) + at(sizes, i) - 1;
      return slice(value, { axis: i + 2, start: from, end: from + (count - 1) * step + 1, step });
    },
    padSpace(x, before, after),
  );
  return { source: cut, before: strides.map(() => 0) };
}

/** [out, N, ...], [in, N, ...] -> [out, in]. */
function mergedProduct(dy: Value, x: Value): Value {
  const row = (value: Value) =>
    reshape(value, [at(value.shape, 0), multiplyDimensions(at(value.shape, 1), productOf(spaceOf(value)))]);
  return matMul(row(dy), row(x), { transposeB: true });
}

/** [N, out, ...], [N, in, ...] -> [out, in]. */
function denseProduct(dy: Value, x: Value): Value {
  const flat = (value: Value) =>
    reshape(value, [at(value.shape, 0), channelsOf(value), productOf(spaceOf(value))]);
  return reduceSum(matMul(flat(dy), flat(x), { transposeB: true }), { axes: [0] });
}

/** [N, out, ...], [N, in, ...] -> [out, in / groups]. */
function groupedProduct(dy: Value, x: Value, groups: number): Value {
  const places = productOf(spaceOf(dy));
  const grouped = (value: Value) =>
    reshape(value, [at(value.shape, 0), groups, channelsOf(value) / groups, places]);
  return reduceSum(matMul(grouped(dy), grouped(x), { transposeB: true }), { axes: [0] });
}

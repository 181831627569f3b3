import { at, firstOf, IchorError } from '../../base/index.ts';
import { addDimensions, type Shape } from '../dimension.ts';
import { flip, gather, pad, reshape, scatterAdd, slice, transpose } from '../forms/layout.ts';
import { fixedDimension, integers, type Value } from '../value.ts';
import { unbroadcast } from './elementwise.ts';
import { INDEPENDENT, rule, ruleOfOne } from './rule.ts';

const zeros = (x: Value): number[] => x.shape.map(() => 0);

export const LAYOUT_GRADIENTS = {
  reshape: ruleOfOne<{ shape: Shape }>((dy, { inputs: [x] }) => [reshape(dy, x.shape)]),
  transpose: ruleOfOne<{ order: readonly number[] }>((dy, { attributes: { order } }) => [
    transpose(
      dy,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ]),
  slice: ruleOfOne<{ axis: number; start: number; dropped: number; step: number }>(
    (dy, { inputs, attributes }) => {
      const x = at(inputs, 0);
      const { axis, start, dropped, step } = attributes;
      if (step === 1) return [pad(dy, zeros(x).with(axis, start), zeros(x).with(axis, dropped))];
      const indices = Array.from({ length: fixedDimension('slice', dy, axis) }, (_, i) => start + i * step);
      return [scatterAdd(dy, integers(indices), x, axis)];
    },
  ),
  flip: ruleOfOne<{ axes: readonly number[] }>((dy, { attributes: { axes } }) => [flip(dy, axes)]),
  concat: ruleOfOne<{ axis: number }>((dy, { inputs, wanted, attributes: { axis } }) =>
    inputs.map((_, i) => (wanted[i] ? partOf(dy, inputs, i, axis) : undefined)),
  ),
  pad: ruleOfOne<{ before: readonly number[]; after: readonly number[] }>(
    (dy, { attributes: { before, after } }) => [
      pad(
        dy,
        before.map((n) => -n),
        after.map((n) => -n),
      ),
    ],
  ),
  gather: ruleOfOne<{ axis: number }>((dy, { inputs, attributes: { axis } }) => {
    const [x, indices] = firstOf(inputs, 2);
    return [scatterAdd(dy, indices, x, axis), undefined];
  }),
  scatterAdd: ruleOfOne<{ axis: number }>((dy, { inputs, attributes: { axis } }) => [
    gather(dy, at(inputs, 1), axis),
    undefined,
    INDEPENDENT,
  ]),
  expandLike: ruleOfOne((dy, { inputs: [x] }) => [unbroadcast(dy, x), INDEPENDENT]),
  sizeOf: rule(() => [INDEPENDENT]),
  indexAlong: rule(() => [INDEPENDENT]),
  stepsAlong: rule(() => [INDEPENDENT, INDEPENDENT]),
};

/** The cotangent's share of one part of a concat: counted from the start or, behind a named part, from the end. */
function partOf(dy: Value, parts: readonly Value[], index: number, axis: number): Value {
  const sizes = parts.map((part) => at(part.shape, axis));
  const before = sizes.slice(0, index).reduce(addDimensions, 0);
  const after = sizes.slice(index + 1).reduce(addDimensions, 0);
  const size = sizes[index];
  if (typeof before === 'number' && typeof after === 'number') {
    return slice(dy, { axis, start: before, end: after === 0 ? undefined : -after });
  }
  if (typeof before === 'number' && typeof size === 'number') {
    return gather(dy, integers(Array.from({ length: size }, (_, i) => before + i)), axis);
  }
  if (typeof size === 'number' && typeof after === 'number') {
    return gather(dy, integers(Array.from({ length: size }, (_, i) => i - size - after)), axis);
  }
  throw new IchorError(
    'gradient-missing',
    `concat: parts of the sizes ${sizes.join(', ')} cannot be told apart`,
  );
}

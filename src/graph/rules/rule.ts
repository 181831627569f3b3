import { IchorError, type NonEmpty } from '../../base/index.ts';
import type { ResultValue, Value } from '../value.ts';

/** One node seen from behind: what it read and made, and the cotangents (d loss / d output) that reached it. */
export interface Backward<A> {
  readonly inputs: NonEmpty<Value>;
  readonly outputs: NonEmpty<ResultValue>;
  readonly attributes: A;
  readonly cotangents: readonly (Value | undefined)[];
  /** Which inputs' gradients somebody needs: no other is worth building. */
  readonly wanted: readonly boolean[];
}

/** Said of an input whose numbers do not matter, only its shape. */
export const INDEPENDENT = Symbol('independent');
/** d loss / d input; undefined where it is not wanted. */
export type InputGradient = Value | typeof INDEPENDENT | undefined;

/** Builds d loss / d input for each wanted input. */
export interface GradientRule<A extends object = object> {
  build(backward: Backward<A>): readonly InputGradient[];
}
/** An operator that has no gradient, and why. */
export interface NoGradient {
  readonly noGradient: string;
}
export type Gradient<A extends object = object> = GradientRule<A> | NoGradient;

/** A rule whose attributes are its operator's own. */
export const rule = <A extends object>(build: GradientRule<A>['build']): GradientRule<A> => ({ build });

/** A rule of an operator with one output: its cotangent is there, or the rule would not be asked. */
export const ruleOfOne = <A extends object = object>(
  build: (cotangent: Value, backward: Backward<A>) => readonly InputGradient[],
): GradientRule<A> =>
  rule<A>((backward) => {
    const [cotangent] = backward.cotangents;
    if (cotangent !== undefined) return build(cotangent, backward);
    throw new IchorError('gradient-missing', 'the gradient asks for the first output, which nothing reads');
  });

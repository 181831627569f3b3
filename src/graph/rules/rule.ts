import type { Attributes, GraphNode, ResultValue, Value } from '../value.ts';

/** One node seen from behind: what it read and made, and the cotangents (d loss / d output) that reached it. */
export interface Backward<A> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly ResultValue[];
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
export type GradientRule<A = Attributes> = (backward: Backward<A>) => readonly InputGradient[];
/** An operator that has no gradient, and why. */
export interface NoGradient {
  readonly noGradient: string;
}
export type Gradient = GradientRule | NoGradient;

/** A rule whose attributes are its operator's own. */
export const rule = <A>(build: GradientRule<A>): GradientRule => build as unknown as GradientRule;

/** A rule of an operator with one output: its cotangent is there, or the rule would not be asked. */
export const ruleOfOne = <A = Attributes>(
  build: (cotangent: Value, backward: Backward<A>) => readonly InputGradient[],
): GradientRule => rule<A>((backward) => build(backward.cotangents[0] as Value, backward));

/** A node's outputs as values. */
export const outputsOf = (node: GraphNode): ResultValue[] =>
  node.outputs.map((type, output) => Object.freeze({ kind: 'result', ...type, node, output }));

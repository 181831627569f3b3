import type { Shape, Value } from '../../src/graph/index.ts';

/** One use of an operator: what is differentiated by each of its inputs, filled with distinct numbers. */
export interface GradientCase {
  readonly name: string;
  /** `slices` stands for 3. */
  readonly shapes: readonly Shape[];
  readonly build: (...inputs: Value[]) => Value;
  /** Numbers above zero only, for logarithms and roots. */
  readonly positive?: boolean;
}
export type GradientCases = Readonly<Record<string, readonly GradientCase[]>>;

type Build = (...inputs: Value[]) => Value;
export const of = (name: string, shapes: readonly Shape[], build: Build): GradientCase => ({
  name,
  shapes,
  build,
});
export const positive = (name: string, shapes: readonly Shape[], build: Build): GradientCase => ({
  ...of(name, shapes, build),
  positive: true,
});

export const PLANE: Shape = ['slices', 4];

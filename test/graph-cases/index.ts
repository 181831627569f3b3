import { CONVOLUTION_CASES } from './convolution-cases.ts';
import { ELEMENTWISE_CASES } from './elementwise-cases.ts';
import type { GradientCases } from './gradient-case.ts';
import { LAYER_CASES } from './layer-cases.ts';
import { LAYOUT_CASES } from './layout-cases.ts';

export type { GradientCase } from './gradient-case.ts';

/** Cases by the operator of the table that they are there for. */
export const GRADIENT_CASES: GradientCases = {
  ...ELEMENTWISE_CASES,
  ...LAYOUT_CASES,
  ...CONVOLUTION_CASES,
  ...LAYER_CASES,
};

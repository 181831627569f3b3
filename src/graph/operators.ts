import { CONVOLUTION, TRANSPOSED_CONVOLUTION } from './forms/convolution.ts';
import { BINARY_FORMS, CAST, CLIP, IS_BEYOND, UNARY_FORMS, WHERE } from './forms/elementwise.ts';
import { INDEX_ALONG } from './forms/index-along.ts';
import {
  CONCAT,
  EXPAND_LIKE,
  FLIP,
  GATHER,
  PAD,
  RESHAPE,
  SCATTER_ADD,
  SIZE_OF,
  SLICE,
  TRANSPOSE,
} from './forms/layout.ts';
import { MAT_MUL } from './forms/linear.ts';
import { MATRIX_RECURRENCE } from './forms/matrix-recurrence.ts';
import { BATCH_NORMALISATION, LOCAL_RESPONSE, TRAIN_BATCH_NORMALISATION } from './forms/normalisation.ts';
import { AVERAGE_POOL, MAX_POOL, MAX_POOL_TRANSPOSE } from './forms/pooling.ts';
import { GRU, LINEAR_RECURRENCE } from './forms/recurrence.ts';
import { REDUCTION_FORMS, SOFTMAX_FORMS } from './forms/reduction.ts';
import { GRID_SAMPLE, RESIZE } from './forms/sampling.ts';
import { CONVOLUTION_GRADIENTS } from './rules/convolution.ts';
import { ELEMENTWISE_GRADIENTS } from './rules/elementwise.ts';
import { LAYOUT_GRADIENTS } from './rules/layout.ts';
import { LINEAR_GRADIENTS } from './rules/linear.ts';
import { NORMALISATION_GRADIENTS } from './rules/normalisation.ts';
import { POOLING_GRADIENTS } from './rules/pooling.ts';
import { RECURRENCE_GRADIENTS } from './rules/recurrence.ts';
import { REDUCTION_GRADIENTS } from './rules/reduction.ts';
import type { Gradient } from './rules/rule.ts';
import { SAMPLING_GRADIENTS } from './rules/sampling.ts';
import type { OperatorForm } from './value.ts';

/** One row of the table: what comes out, how it is differentiated, how it is written. */
export interface Operator extends OperatorForm {
  readonly gradient: Gradient;
}

const FORMS = [
  ...Object.values(UNARY_FORMS),
  ...Object.values(BINARY_FORMS),
  ...Object.values(REDUCTION_FORMS),
  ...Object.values(SOFTMAX_FORMS),
  ...[CAST, CLIP, IS_BEYOND, WHERE],
  ...[CONCAT, EXPAND_LIKE, FLIP, GATHER, PAD, RESHAPE, SCATTER_ADD, SIZE_OF, SLICE, TRANSPOSE],
  ...[MAT_MUL, CONVOLUTION, TRANSPOSED_CONVOLUTION],
  ...[
    BATCH_NORMALISATION,
    TRAIN_BATCH_NORMALISATION,
    LOCAL_RESPONSE,
    GRU,
    LINEAR_RECURRENCE,
    MATRIX_RECURRENCE,
    INDEX_ALONG,
    GRID_SAMPLE,
    RESIZE,
  ],
  ...[AVERAGE_POOL, MAX_POOL, MAX_POOL_TRANSPOSE],
] as unknown as readonly OperatorForm[];

const GRADIENTS: Readonly<Record<string, Gradient>> = {
  ...ELEMENTWISE_GRADIENTS,
  ...LAYOUT_GRADIENTS,
  ...REDUCTION_GRADIENTS,
  ...LINEAR_GRADIENTS,
  ...CONVOLUTION_GRADIENTS,
  ...POOLING_GRADIENTS,
  ...NORMALISATION_GRADIENTS,
  ...RECURRENCE_GRADIENTS,
  ...SAMPLING_GRADIENTS,
};

function withGradient(form: OperatorForm): Operator {
  const gradient = GRADIENTS[form.name] ?? { noGradient: 'nobody has written its rule yet' };
  return Object.freeze({ ...form, gradient });
}

/** The one table of operators. */
export const OPERATORS: Readonly<Record<string, Operator>> = Object.freeze(
  Object.fromEntries(FORMS.map((form) => [form.name, withGradient(form)])),
);

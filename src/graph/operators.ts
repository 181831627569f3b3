import { CONVOLUTION, TRANSPOSED_CONVOLUTION } from './forms/convolution.ts';
import { BINARY_FORMS, CAST, CLIP, IS_BEYOND, UNARY_FORMS, WHERE } from './forms/elementwise.ts';
import { INDEX_ALONG, STEPS_ALONG } from './forms/index-along.ts';
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
export interface Operator extends OperatorForm<object> {
  readonly gradient: Gradient;
}

/** The rule reads the attributes that the form writes. */
const row = <A extends object>(form: OperatorForm<A>, gradient: Gradient<NoInfer<A>>): Operator =>
  Object.freeze({ ...form, gradient });

const ROWS = [
  // On each element
  row(UNARY_FORMS.negate, ELEMENTWISE_GRADIENTS.negate),
  row(UNARY_FORMS.absolute, ELEMENTWISE_GRADIENTS.absolute),
  row(UNARY_FORMS.sign, ELEMENTWISE_GRADIENTS.sign),
  row(UNARY_FORMS.exponential, ELEMENTWISE_GRADIENTS.exponential),
  row(UNARY_FORMS.logarithm, ELEMENTWISE_GRADIENTS.logarithm),
  row(UNARY_FORMS.squareRoot, ELEMENTWISE_GRADIENTS.squareRoot),
  row(UNARY_FORMS.relu, ELEMENTWISE_GRADIENTS.relu),
  row(UNARY_FORMS.sigmoid, ELEMENTWISE_GRADIENTS.sigmoid),
  row(UNARY_FORMS.tanh, ELEMENTWISE_GRADIENTS.tanh),
  row(UNARY_FORMS.softplus, ELEMENTWISE_GRADIENTS.softplus),
  row(UNARY_FORMS.not, ELEMENTWISE_GRADIENTS.not),
  row(BINARY_FORMS.add, ELEMENTWISE_GRADIENTS.add),
  row(BINARY_FORMS.subtract, ELEMENTWISE_GRADIENTS.subtract),
  row(BINARY_FORMS.multiply, ELEMENTWISE_GRADIENTS.multiply),
  row(BINARY_FORMS.divide, ELEMENTWISE_GRADIENTS.divide),
  row(BINARY_FORMS.minimum, ELEMENTWISE_GRADIENTS.minimum),
  row(BINARY_FORMS.maximum, ELEMENTWISE_GRADIENTS.maximum),
  row(BINARY_FORMS.power, ELEMENTWISE_GRADIENTS.power),
  row(BINARY_FORMS.greater, ELEMENTWISE_GRADIENTS.greater),
  row(BINARY_FORMS.greaterOrEqual, ELEMENTWISE_GRADIENTS.greaterOrEqual),
  row(BINARY_FORMS.equal, ELEMENTWISE_GRADIENTS.equal),
  row(BINARY_FORMS.and, ELEMENTWISE_GRADIENTS.and),
  row(BINARY_FORMS.or, ELEMENTWISE_GRADIENTS.or),
  row(CAST, ELEMENTWISE_GRADIENTS.cast),
  row(CLIP, ELEMENTWISE_GRADIENTS.clip),
  row(IS_BEYOND, ELEMENTWISE_GRADIENTS.isBeyond),
  row(WHERE, ELEMENTWISE_GRADIENTS.where),
  // Over axes
  row(REDUCTION_FORMS.reduceSum, REDUCTION_GRADIENTS.reduceSum),
  row(REDUCTION_FORMS.reduceMean, REDUCTION_GRADIENTS.reduceMean),
  row(REDUCTION_FORMS.reduceMax, REDUCTION_GRADIENTS.reduceMax),
  row(SOFTMAX_FORMS.softmax, REDUCTION_GRADIENTS.softmax),
  row(SOFTMAX_FORMS.logSoftmax, REDUCTION_GRADIENTS.logSoftmax),
  // Where elements lie
  row(CONCAT, LAYOUT_GRADIENTS.concat),
  row(EXPAND_LIKE, LAYOUT_GRADIENTS.expandLike),
  row(FLIP, LAYOUT_GRADIENTS.flip),
  row(GATHER, LAYOUT_GRADIENTS.gather),
  row(PAD, LAYOUT_GRADIENTS.pad),
  row(RESHAPE, LAYOUT_GRADIENTS.reshape),
  row(SCATTER_ADD, LAYOUT_GRADIENTS.scatterAdd),
  row(SIZE_OF, LAYOUT_GRADIENTS.sizeOf),
  row(SLICE, LAYOUT_GRADIENTS.slice),
  row(TRANSPOSE, LAYOUT_GRADIENTS.transpose),
  row(INDEX_ALONG, LAYOUT_GRADIENTS.indexAlong),
  row(STEPS_ALONG, LAYOUT_GRADIENTS.stepsAlong),
  // Layers of networks
  row(MAT_MUL, LINEAR_GRADIENTS.matMul),
  row(CONVOLUTION, CONVOLUTION_GRADIENTS.convolution),
  row(TRANSPOSED_CONVOLUTION, CONVOLUTION_GRADIENTS.transposedConvolution),
  row(BATCH_NORMALISATION, NORMALISATION_GRADIENTS.batchNormalisation),
  row(TRAIN_BATCH_NORMALISATION, NORMALISATION_GRADIENTS.trainBatchNormalisation),
  row(LOCAL_RESPONSE, NORMALISATION_GRADIENTS.localResponseNormalisation),
  row(AVERAGE_POOL, POOLING_GRADIENTS.averagePool),
  row(MAX_POOL, POOLING_GRADIENTS.maxPool),
  row(MAX_POOL_TRANSPOSE, POOLING_GRADIENTS.maxPoolTranspose),
  row(GRU, RECURRENCE_GRADIENTS.gru),
  row(LINEAR_RECURRENCE, RECURRENCE_GRADIENTS.linearRecurrence),
  row(MATRIX_RECURRENCE, RECURRENCE_GRADIENTS.matrixRecurrence),
  row(GRID_SAMPLE, SAMPLING_GRADIENTS.gridSample),
  row(RESIZE, SAMPLING_GRADIENTS.resize),
];

/** The one table of operators. */
export const OPERATORS: Readonly<Record<string, Operator>> = Object.freeze(
  Object.fromEntries(ROWS.map((operator) => [operator.name, operator])),
);

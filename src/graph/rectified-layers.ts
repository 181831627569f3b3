import { walk } from './graph.ts';
import type { ParameterValue, ResultValue, Value } from './value.ts';

/** A convolution or a dense layer with its bias, on the way into a ReLU. */
export interface RectifiedLayer {
  /** Before the ReLU: [rows, channels, ...]. */
  readonly sum: ResultValue;
  /** [channels, ...]. */
  readonly weights: ParameterValue;
  /** [channels]. */
  readonly bias: ParameterValue;
}

/** The layers with parameters that a ReLU follows, each after those that it reads from. */
export function rectifiedLayers(outputs: readonly Value[]): RectifiedLayer[] {
  return walk(outputs).nodes.flatMap(({ operator, inputs: [sum] }) => {
    if (operator !== 'relu' || sum?.kind !== 'result') return [];
    const [weights, bias] = parametersOf(sum);
    return weights?.kind === 'parameter' && bias?.kind === 'parameter' ? [{ sum, weights, bias }] : [];
  });
}

function parametersOf({ node: { operator, inputs } }: ResultValue): (Value | undefined)[] {
  if (operator === 'convolution') return inputs.slice(1);
  const [product, bias] = inputs;
  const isDense = operator === 'add' && product?.kind === 'result' && product.node.operator === 'matMul';
  return isDense ? [product.node.inputs[1], bias] : [];
}

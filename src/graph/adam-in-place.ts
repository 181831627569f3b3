/** One tensor's weights and moments: all three are overwritten by each step. */
export interface AdamBuffers {
  readonly parameter: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

export interface AdamNumbers {
  readonly rate: number;
  /** The step's number, from 1 on. */
  readonly step: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled, as in AdamW. */
  readonly weightDecay?: number;
}

/**
 * `adamStep` without a graph, in place: one pass over memory where a graph makes twelve and copies the results.
 * Same formula (Kingma and Ba 2015, algorithm 1; epsilon after the bias correction, as PyTorch does).
 */
export function stepAdamInPlace(buffers: AdamBuffers, gradient: Float32Array, numbers: AdamNumbers): void {
  const { parameter, firstMoment, secondMoment } = buffers;
  const { rate, step, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = numbers;
  const scaledRate = rate / (1 - beta1 ** step);
  const deviationScale = 1 / Math.sqrt(1 - beta2 ** step);
  const kept = 1 - rate * weightDecay;
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i] as number;
    const m = beta1 * (firstMoment[i] as number) + (1 - beta1) * g;
    const v = beta2 * (secondMoment[i] as number) + (1 - beta2) * g * g;
    firstMoment[i] = m;
    secondMoment[i] = v;
    parameter[i] =
      kept * (parameter[i] as number) - (scaledRate * m) / (Math.sqrt(v) * deviationScale + epsilon);
  }
}

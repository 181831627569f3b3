import { stepAdamInPlace } from '../../graph/index.ts';

type Tensors = Readonly<Record<string, Float32Array>>;

/** AdamW with clipped gradients and a moving average of the weights, in place. */
export interface Optimiser {
  /** Throws nothing; a gradient that is not finite shows in the loss. */
  step(gradients: Tensors, rate: number): void;
  /** The moving average: what is kept when training ends. */
  readonly averaged: Tensors;
}

export interface OptimiserSettings {
  readonly weightDecay: number;
  /** The gradients' common norm is cut to this. */
  readonly largestNorm: number;
  readonly averageDecay: number;
}

export function createOptimiser(parameters: Tensors, settings: OptimiserSettings): Optimiser {
  const names = Object.keys(parameters);
  const zeros = () => Object.fromEntries(names.map((n) => [n, new Float32Array(length(n))]));
  const length = (name: string) => (parameters[name] as Float32Array).length;
  const [first, second] = [zeros(), zeros()];
  const averaged = Object.fromEntries(names.map((n) => [n, (parameters[n] as Float32Array).slice()]));
  let count = 0;
  const step = (gradients: Tensors, rate: number): void => {
    count++;
    const scale = Math.min(1, settings.largestNorm / (normOf(gradients) + 1e-12));
    const decay = Math.min(settings.averageDecay, count / (count + 9));
    for (const name of names) {
      const parameter = parameters[name] as Float32Array;
      const gradient = (gradients[name] as Float32Array).map((g) => g * scale);
      const buffers = {
        parameter,
        firstMoment: first[name] as Float32Array,
        secondMoment: second[name] as Float32Array,
      };
      stepAdamInPlace(buffers, gradient, { rate, step: count, weightDecay: settings.weightDecay });
      blend(averaged[name] as Float32Array, parameter, decay);
    }
  };
  return { step, averaged };
}

function normOf(gradients: Tensors): number {
  let sum = 0;
  for (const gradient of Object.values(gradients)) for (const g of gradient) sum += g * g;
  return Math.sqrt(sum);
}

/** average = keep * average + (1 - keep) * fresh. */
export function blend(average: Float32Array, fresh: Float32Array, keep: number): void {
  for (let i = 0; i < average.length; i++)
    average[i] = keep * (average[i] as number) + (1 - keep) * (fresh[i] as number);
}

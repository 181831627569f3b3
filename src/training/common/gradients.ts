import { at, IchorError, type Tensor } from '../../base/index.ts';
import { gradients, type ParameterValue, type Value } from '../../graph/index.ts';
import { floatsIn, type Tensors } from './feeds.ts';

/** d loss / d parameter, by the parameter's name. */
export type Gradients = Record<string, Float32Array>;

/** A graph's outputs that are gradients carry this before the parameter's name. */
const GRADIENT = 'gradient/';
export const gradientName = (parameter: string): string => GRADIENT + parameter;

/** Gradients as a graph's outputs. */
export const gradientOutputs = (
  parameters: readonly ParameterValue[],
  slopes: readonly Value[],
): Record<string, Value> =>
  Object.fromEntries(parameters.map(({ name }, i) => [gradientName(name), at(slopes, i)]));

/** What a graph of one step gives: the loss and the gradients. */
export const stepOutputs = (loss: Value, parameters: readonly ParameterValue[]): Record<string, Value> => ({
  loss,
  ...gradientOutputs(parameters, gradients(loss, parameters)),
});

/** The gradients among a graph's results. */
export function gradientsOf(results: Tensors): Gradients {
  const found = Object.entries(results).filter(([name]) => name.startsWith(GRADIENT));
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(GRADIENT.length), floatsIn(tensor)]));
}

/** The loss among a graph's results. Throws IchorError `training-diverged` with `text`'s words where it is not a number. */
export function lossOf(result: Tensor | undefined, text: (loss: number) => string): number {
  const loss = Number(result?.data[0]);
  if (Number.isFinite(loss)) return loss;
  throw new IchorError('training-diverged', text(loss));
}

/** Adds in place; the first one is taken as it is. */
export function addGradients(sums: Gradients, found: Gradients): void {
  for (const [name, values] of Object.entries(found)) {
    const sum = sums[name];
    if (sum === undefined) sums[name] = values;
    else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number);
  }
}

/** The sums of so many scans' gradients become their mean, in place. */
export function meanGradients(sums: Gradients, scans: number): Gradients {
  if (scans > 1)
    for (const sum of Object.values(sums))
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) / scans;
  return sums;
}

/** Shortens all gradients alike where their common norm is above `largestNorm`. */
export function clipGradients(found: Gradients, largestNorm: number): Gradients {
  let squares = 0;
  for (const gradient of Object.values(found)) for (const g of gradient) squares += g * g;
  const scale = Math.min(1, largestNorm / (Math.sqrt(squares) + 1e-12));
  return Object.fromEntries(
    Object.entries(found).map(([name, gradient]) => [name, gradient.map((g) => g * scale)]),
  );
}

/** A parameter whose gradient is not a number everywhere. */
export function notFinite(found: Gradients): string | undefined {
  const entry = Object.entries(found).find(([, values]) => {
    // In double precision a sum of finite floats is finite: one question per tensor
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i] as number;
    return !Number.isFinite(sum);
  });
  return entry?.[0];
}

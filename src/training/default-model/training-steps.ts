import { IchorError, type ProgressListener, type Session, type Tensor } from '../../base/index.ts';
import { risingCosine } from '../common/schedule.ts';
import { createOptimiser, type OptimiserSettings } from './adam.ts';
import type { StepsAtRate } from './recipe.ts';

type Buffers = Readonly<Record<string, Float32Array>>;

export interface StepsTask extends StepsAtRate {
  /** Feeds and parameters in; `loss` and `gradient/<parameter>` out. */
  readonly session: Session;
  /** Changed in place. */
  readonly parameters: Buffers;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly optimiser: OptimiserSettings;
  /** What a step is fed beside the parameters. */
  nextFeeds(): Promise<Readonly<Record<string, Tensor>>>;
  /** What its progress is called. */
  readonly name: string;
  readonly onStep?: (results: Readonly<Record<string, Tensor>>) => void;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: { readonly step: number; readonly loss: number }) => void;
}

/** The rate rises over so many first steps. */
const RISING_STEPS = 30;

/** Steps of AdamW with a cosine; gives the moving average of the parameters. Throws IchorError `training-diverged`. */
export async function takeSteps(task: StepsTask): Promise<Buffers> {
  const { session, parameters, steps } = task;
  const optimiser = createOptimiser(parameters, task.optimiser);
  const fed = asTensors(parameters, task.shapes);
  for (let step = 0; step < steps; step++) {
    const results = await session.run({ ...(await task.nextFeeds()), ...fed });
    const loss = lossOf(results.loss);
    const slopes = Object.keys(parameters).map((name) => [name, results[`gradient/${name}`]?.data]);
    optimiser.step(Object.fromEntries(slopes) as Buffers, risingCosine(task.rate, step, steps, RISING_STEPS));
    task.onStep?.(results);
    task.log?.({ step: step + 1, loss });
    task.onProgress?.({ task: task.name, done: step + 1, total: steps, detail: `loss ${loss.toFixed(3)}` });
  }
  return optimiser.averaged;
}

export const asTensors = (
  buffers: Buffers,
  shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(buffers).map(([name, data]) => [
      name,
      { element: 'float32', shape: shapes[name] ?? [data.length], data },
    ]),
  );

function lossOf(result: Tensor | undefined): number {
  const loss = Number(result?.data[0]);
  if (Number.isFinite(loss)) return loss;
  throw new IchorError('training-diverged', `the loss is ${loss}: start again with a lower rate`);
}

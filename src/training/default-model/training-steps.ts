import type { ProgressListener, Session, Tensor } from '../../base/index.ts';
import type { Weights } from '../../network/index.ts';
import { clipGradients, gradientsOf, lossOf } from '../common/gradients.ts';
import { stepOptimiser } from '../common/optimiser.ts';
import { risingCosine } from '../common/schedule.ts';
import { blendWeights } from './moving-average.ts';
import type { StepsAtRate } from './recipe.ts';
import { createKeeper, type StepsCheckpoint, stepsState } from './steps-checkpoint.ts';

export interface StepsTask extends StepsAtRate {
  /** Feeds and parameters in; `loss` and the parameters' gradients out. */
  readonly session: Session;
  /** Where the parameters start; they are copied. */
  readonly parameters: Weights;
  readonly optimiser: StepsOptimiser;
  /** What a step is fed beside the parameters. */
  nextFeeds(): Promise<Readonly<Record<string, Tensor>>>;
  readonly checkpoint?: StepsCheckpoint | undefined;
  /** What its progress is called. */
  readonly name: string;
  readonly onStep?: (results: Readonly<Record<string, Tensor>>) => void;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: { readonly step: number; readonly loss: number }) => void;
}

/** AdamW with clipped gradients and a moving average of the weights. */
export interface StepsOptimiser {
  readonly weightDecay: number;
  /** The gradients' common norm is cut to this. */
  readonly largestNorm: number;
  readonly averageDecay: number;
}

/** The rate rises over so many first steps. */
const RISING_STEPS = 30;

/**
 * Steps of AdamW with a cosine; gives the moving average of the parameters. Throws IchorError `training-diverged`,
 * RefusedInput `checkpoint-unreadable`.
 */
export async function takeSteps(task: StepsTask): Promise<Weights> {
  const { session, steps, optimiser } = task;
  const keep = createKeeper(task.checkpoint);
  const { optimiser: start, averaged } = await stepsState(task.parameters, task.checkpoint);
  let state = start;
  for (let step = state.steps; step < steps; step++) {
    const results = await session.run({ ...(await task.nextFeeds()), ...state.weights });
    const loss = lossOf(results.loss, (found) => `the loss is ${found}: start again with a lower rate`);
    const gradients = clipGradients(gradientsOf(results), optimiser.largestNorm);
    const rate = risingCosine(task.rate, step, steps, RISING_STEPS);
    state = stepOptimiser(state, gradients, () => rate, optimiser);
    blendWeights(averaged, state.weights, averageKept(state.steps, optimiser));
    task.onStep?.(results);
    await keep({ optimiser: state, averaged });
    task.log?.({ step: step + 1, loss });
    task.onProgress?.({ task: task.name, done: step + 1, total: steps, detail: `loss ${loss.toFixed(3)}` });
  }
  return averaged;
}

/** The first steps count for little: the average is young. */
const averageKept = (steps: number, { averageDecay }: StepsOptimiser): number =>
  Math.min(averageDecay, steps / (steps + 9));

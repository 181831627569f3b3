import {
  at,
  bestMilliseconds,
  type ChosenDevice,
  type ComputeTensors,
  IchorError,
  messageOf,
  TRIAL_GRAPH,
  trialFeeds,
} from '../base/index.ts';
import { type OnnxRuntime, openSession } from './web-session.ts';

/** How far apart the two devices' results of the trial graph may be, relative to the largest value. */
const TOLERANCE = 1e-3;

interface Trial {
  readonly milliseconds: number;
  readonly result: ArrayLike<number>;
}

/** Runs the trial graph on one device. */
export async function trialOn(ort: OnnxRuntime, provider: 'wasm' | 'webgpu'): Promise<Trial> {
  const session = await openSession(ort, provider, TRIAL_GRAPH, {});
  let results: ComputeTensors = {};
  const milliseconds = await bestMilliseconds(async () => {
    results = await session.run(trialFeeds(), ['y'], {});
  });
  await session.native.release();
  const { y } = results;
  if (y?.element !== 'float32') throw new Error('the trial graph gave no numbers');
  return { milliseconds, result: y.data };
}

/** Whether WebGPU may run the CNN: it must give the CPU's numbers, and unless it was insisted on be faster. */
export async function chooseDevice(
  cpu: () => Promise<Trial>,
  gpu: () => Promise<Trial>,
  insisted: boolean,
): Promise<ChosenDevice> {
  const [onCpu, onGpu] = [await cpu(), await gpu().catch((thrown: unknown) => messageOf(thrown))];
  const fault = typeof onGpu === 'string' ? onGpu : disagreement(onCpu, onGpu);
  if (insisted && fault === undefined) return { device: 'webgpu', note: 'webgpu for the CNN, as asked' };
  if (insisted)
    throw new IchorError('device-unavailable', `webgpu does not run here (${fault}); use auto or cpu`);
  if (fault !== undefined) return { device: 'cpu', note: `cpu: webgpu does not run here (${fault})` };
  const isFaster = typeof onGpu === 'object' && onGpu.milliseconds < onCpu.milliseconds;
  if (isFaster)
    return { device: 'webgpu', note: 'webgpu, faster here than the CPU, for what it can load of the CNN' };
  return { device: 'cpu', note: 'cpu: webgpu is slower' };
}

function disagreement({ result: expected }: Trial, { result: found }: Trial): string | undefined {
  const numbers = Array.from(expected);
  // One by one: as arguments of one call they would overflow the stack
  const largest = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  const far = numbers.some((number, i) => !(Math.abs(number - at(found, i)) <= TOLERANCE * largest));
  return far ? 'its results differ from those of the CPU' : undefined;
}

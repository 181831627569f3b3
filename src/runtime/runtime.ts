import { type DeviceName, type Runtime, runtimeOn } from '../base/index.ts';
import { startComputeThread } from './compute-thread.ts';
import { chooseDevice } from './devices.ts';

export interface RuntimeOptions {
  /** `auto` (the default) takes the fastest that really runs a small graph; the others insist. */
  readonly device?: DeviceName | 'auto';
  /** Threads of the CPU's kernels; by default as many as the machine has cores. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens the device on a thread of its own: progress, Ctrl-C and servers stay alive while it computes.
 * Throws IchorError `device-unavailable` when the device that was asked for does not run a small graph, `aborted`.
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const threads = options.threads ?? 0;
  const { device, note } = await chooseDevice(options.device ?? 'auto', threads, options.signal);
  const runtime = await runtimeOn(startComputeThread(), { device, threads });
  return { ...runtime, deviceNote: note };
}

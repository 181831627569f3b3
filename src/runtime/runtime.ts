import {
  type DeviceName,
  IchorError,
  messageOf,
  type Runtime,
  type Session,
  type Tensor,
} from '../base/index.ts';
import { type ComputeThread, startComputeThread } from './compute-thread.ts';
import { chooseDevice } from './devices.ts';
import type { Loaded, Request, Tensors } from './messages.ts';

export interface RuntimeOptions {
  /** `auto` (the default) takes the fastest that really runs a small graph; the others insist. */
  readonly device?: DeviceName | 'auto';
  /** Threads of the CPU's kernels; by default as many as the machine has cores. */
  readonly threads?: number;
}

/**
 * Opens the device on a thread of its own: progress, Ctrl-C and servers stay alive while it computes.
 * Throws IchorError `device-unavailable` when the device that was asked for does not run a small graph.
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const threads = options.threads ?? 0;
  const { device, note } = await chooseDevice(options.device ?? 'auto', threads);
  const thread = startComputeThread();
  return {
    device,
    deviceNote: note,
    load: async (onnx, loadOptions = {}) => {
      const name = loadOptions.name ?? 'graph';
      const request: Request = { kind: 'load', onnx, device, threads, options: loadOptions };
      const loaded = (await asked(thread, request, name, 'could not be loaded')) as Loaded;
      return openSession(thread, name, loaded);
    },
    close: () => thread.stop(),
  };
}

function openSession(thread: ComputeThread, name: string, { session, inputs, outputs }: Loaded): Session {
  return {
    name,
    inputs,
    outputs,
    run: async (feeds, wanted = outputs.map((port) => port.name), { signal, into = {} } = {}) => {
      refuseAborted(signal);
      refuseMissing(name, inputs, feeds);
      const request: Request = { kind: 'run', session, feeds: dense(feeds), wanted, into };
      const results = (await asked(thread, request, name, 'failed')) as Tensors;
      refuseAborted(signal);
      return {
        ...results,
        ...Object.fromEntries(Object.entries(into).filter(([key]) => wanted.includes(key))),
      };
    },
    close: async () => {
      await asked(thread, { kind: 'close', session }, name, 'could not be closed');
    },
  };
}

/** A view on part of a large buffer is copied first: the message would carry the whole buffer. */
function dense(feeds: Tensors): Tensors {
  const own = ([name, tensor]: [string, Tensor]) => {
    const { data } = tensor;
    const partial = data.buffer instanceof ArrayBuffer && data.byteLength < data.buffer.byteLength;
    return [name, partial ? { ...tensor, data: data.slice() } : tensor];
  };
  return Object.fromEntries(Object.entries(feeds).map(own));
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new IchorError('aborted', 'stopped before the end', { cause: signal.reason });
}

function refuseMissing(name: string, inputs: Session['inputs'], feeds: Tensors): void {
  const missing = inputs.filter((port) => feeds[port.name] === undefined).map((port) => port.name);
  if (missing.length === 0) return;
  throw new IchorError('runtime-input-missing', `${name} was run without its input ${missing.join(', ')}`);
}

const OUT_OF_MEMORY = /failed to allocate|bad_alloc|out of memory|allocation failed/i;

/** Asks the thread; a fault carries the graph's name and what went wrong. */
async function asked(thread: ComputeThread, request: Request, name: string, what: string) {
  try {
    return await thread.ask(request);
  } catch (thrown) {
    if (thrown instanceof IchorError) throw thrown;
    const text = messageOf(thrown);
    if (!OUT_OF_MEMORY.test(text))
      throw new IchorError('runtime-failed', `${name} ${what}: ${text}`, { cause: thrown });
    const advice = 'use fewer slices at a time, a smaller network, or a machine with more memory';
    throw new IchorError('runtime-out-of-memory', `${name} ${what}: not enough memory (${advice})`, {
      cause: thrown,
    });
  }
}

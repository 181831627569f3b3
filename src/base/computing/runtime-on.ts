import { IchorError, messageOf } from '../errors.ts';
import { isPartOfBuffer } from '../part-of-buffer.ts';
import type { Runtime, Session } from '../runtime-types.ts';
import type { Answer, ChosenDevice, Question, QuestionKind, Questions, Tensors } from './messages.ts';

/** The asking side of a computing thread, in Node or in a browser. */
export interface ComputeThread {
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

/** Opens a device on a thread; where that fails the thread is stopped. */
export async function runtimeOn(
  thread: ComputeThread,
  settings: Questions['open']['asks']['settings'],
): Promise<Runtime> {
  try {
    const chosen = await ask(thread, 'open', { settings }, 'the runtime could not be opened');
    return openedOn(thread, chosen);
  } catch (thrown) {
    await thread.stop();
    throw thrown;
  }
}

function openedOn(thread: ComputeThread, { device, note }: ChosenDevice): Runtime {
  return {
    device,
    deviceNote: note,
    load: async (onnx, options = {}) => {
      const name = options.name ?? 'graph';
      const loaded = await ask(thread, 'load', { onnx, options }, `${name} could not be loaded`);
      return openSession(thread, name, loaded);
    },
    close: () => thread.stop(),
    [Symbol.asyncDispose]: () => thread.stop(),
  };
}

function openSession(
  thread: ComputeThread,
  name: string,
  { session, inputs, outputs }: Questions['load']['answers'],
): Session {
  return {
    name,
    inputs,
    outputs,
    run: async (feeds, wanted = outputs.map((port) => port.name), { signal, into = {} } = {}) => {
      refuseAborted(signal);
      refuseMissing(name, inputs, feeds);
      const question = { session, feeds: dense(feeds), wanted, into };
      const results = await ask(thread, 'run', question, `${name} failed`);
      refuseAborted(signal);
      return {
        ...results,
        ...Object.fromEntries(Object.entries(into).filter(([key]) => wanted.includes(key))),
      };
    },
    close: async () => {
      await ask(thread, 'close', { session }, `${name} could not be closed`);
    },
  };
}

/** A view on part of a large buffer is copied first: the message would carry the whole buffer. */
function dense(feeds: Tensors): Tensors {
  const own = ([name, tensor]: [string, Tensors[string]]) => {
    const { data } = tensor;
    return [name, isPartOfBuffer(data) ? { ...tensor, data: data.slice() } : tensor];
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
/** What every command can do; training adds what its own options can. */
const MEMORY_ADVICE = 'close other programs, or use a machine with more memory';

/** Asks the thread; a fault says what was being done and what went wrong. */
async function ask<Kind extends QuestionKind>(
  thread: ComputeThread,
  kind: Kind,
  asks: Questions[Kind]['asks'],
  doing: string,
): Promise<Questions[Kind]['answers']> {
  try {
    // The thread answers a question by its own kind's answer (serve.ts)
    return await thread.ask({ kind, ...asks } as Question);
  } catch (thrown) {
    if (thrown instanceof IchorError) throw thrown;
    const text = messageOf(thrown);
    const [code, reason] = OUT_OF_MEMORY.test(text)
      ? ['runtime-out-of-memory', `not enough memory (${MEMORY_ADVICE})`]
      : ['runtime-failed', text];
    throw new IchorError(code, `${doing}: ${reason}`, { cause: thrown });
  }
}

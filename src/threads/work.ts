import type { MessagePort, Transferable } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { type Fault, faultOf } from './faults.ts';

/** What a task may use beside its own data. */
export interface ThreadTools {
  /** Sends word to the asking thread while the task goes on; nobody may be listening. */
  readonly tell: (word: unknown) => void;
  /** Buffers of the result that move to the asking thread instead of being copied. */
  readonly move: (...buffers: readonly Transferable[]) => void;
}

/** A task on its way: with the port to which word is sent, where somebody listens. */
export interface Asked<Task> {
  readonly task: Task;
  readonly port?: MessagePort;
}

export type Answer<Result> = { readonly result: Result } | { readonly fault: Fault };

/** What a worker file exports: one function for each kind of task. Piscina unpacks an answer whose buffers move. */
export type ThreadWork<Task, Result> = (
  asked: Asked<Task>,
) => Promise<Answer<Result> | ReturnType<typeof move>>;

/** Makes a function one that a pool of threads may be asked for; its errors keep class and code on the way back. */
export function threadWork<Task, Result>(
  work: (task: Task, tools: ThreadTools) => Promise<Result> | Result,
): ThreadWork<Task, Result> {
  return async ({ task, port }) => {
    const buffers: Transferable[] = [];
    try {
      const tools: ThreadTools = {
        tell: (word) => port?.postMessage(word),
        move: (...moved) => buffers.push(...moved),
      };
      const answer: Answer<Result> = { result: await work(task, tools) };
      return buffers.length === 0 ? answer : move({ [transferableSymbol]: buffers, [valueSymbol]: answer });
    } catch (thrown) {
      return { fault: faultOf(thrown) };
    } finally {
      port?.close();
    }
  };
}

import { IchorError, messageOf } from '../errors.ts';
import type { LoadOptions } from '../runtime-types.ts';
import type {
  Answer,
  Asked,
  ChosenDevice,
  ComputeSettings,
  Ports,
  Question,
  Reply,
  Tensors,
} from './messages.ts';

/** What computes on a thread: ONNX Runtime's native build, or its WebAssembly. */
export interface Kernels<Loaded extends Ports> {
  open(settings: ComputeSettings): Promise<ChosenDevice>;
  load(onnx: Uint8Array, options: LoadOptions): Promise<Loaded>;
  run(session: Loaded, feeds: Tensors, wanted: readonly string[], into: Tensors): Promise<Tensors>;
  release(session: Loaded): Promise<void>;
}

/** Sends a reply; `move` are its buffers that need not be copied. */
type Send = (reply: Reply, move: ArrayBuffer[]) => void;

/** Answers questions one after the other: two runs at once would fight for the same cores. */
export function serveKernels<Loaded extends Ports>(
  kernels: Kernels<Loaded>,
  send: Send,
): (asked: Asked) => void {
  const sessions = new Map<number, Loaded>();
  let count = 0;
  const sessionOf = (id: number): Loaded => {
    const session = sessions.get(id);
    if (session === undefined) throw new Error('the session is closed');
    return session;
  };
  const answer = async (question: Question): Promise<Answer> => {
    switch (question.kind) {
      case 'open':
        return await kernels.open(question.settings);
      case 'load': {
        const session = await kernels.load(question.onnx, question.options);
        sessions.set(++count, session);
        return { session: count, inputs: session.inputs, outputs: session.outputs };
      }
      case 'run':
        return await kernels.run(sessionOf(question.session), question.feeds, question.wanted, question.into);
      case 'close': {
        // A second close is none: what it wants is so already
        const session = sessions.get(question.session);
        sessions.delete(question.session);
        if (session !== undefined) await kernels.release(session);
        return null;
      }
    }
  };
  const handle = async ({ id, question }: Asked): Promise<void> => {
    try {
      const given = await answer(question);
      send({ id, answer: given }, question.kind === 'run' ? movable(given) : []);
    } catch (thrown) {
      const code = thrown instanceof IchorError ? { code: thrown.code } : {};
      send({ id, fault: { text: messageOf(thrown), ...code } }, []);
    }
  };
  let queue: Promise<void> = Promise.resolve();
  return (asked) => {
    queue = queue.then(() => handle(asked));
  };
}

/** Buffers of results, each once: what the kernels made, never what is shared. */
function movable(results: Answer): ArrayBuffer[] {
  const buffers = Object.values(results ?? {}).map((tensor) => tensor.data.buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

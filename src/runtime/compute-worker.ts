/** The computing thread: ONNX Runtime blocks the thread that runs it, so it gets one of its own. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../base/index.ts';
import type { Reply, Request, Tensors } from './messages.ts';
import { createSession, type OpenSession, runSession } from './onnx-session.ts';

/** ONNX Runtime's buffers are invisible to the garbage collector, which must be told when they pile up. */
const COLLECT_AFTER_BYTES = 64 * 2 ** 20;
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
let uncollectedBytes = 0;

const sessions = new Map<number, OpenSession>();
let count = 0;

function sessionOf(id: number): OpenSession {
  const session = sessions.get(id);
  if (session === undefined) throw new Error('the session is closed');
  return session;
}

const bytesOf = (tensors: Tensors): number =>
  Object.values(tensors).reduce((sum, tensor) => sum + tensor.data.byteLength, 0);

async function answer(request: Request): Promise<NonNullable<Reply['result']>> {
  switch (request.kind) {
    case 'load': {
      const session = await createSession(request.onnx, request.device, request.threads, request.options);
      sessions.set(++count, session);
      return { session: count, inputs: session.inputs, outputs: session.outputs };
    }
    case 'run': {
      const { feeds, wanted, into } = request;
      const results = await runSession(sessionOf(request.session), feeds, wanted, into);
      uncollectedBytes += bytesOf(results) + bytesOf(feeds);
      return results;
    }
    case 'close': {
      await sessionOf(request.session).native.release();
      sessions.delete(request.session);
      return {};
    }
  }
}

/** The buffers that may move to the asking thread: what ONNX Runtime made, never what is shared. */
function movable(result: Reply['result']): ArrayBuffer[] {
  if (result === undefined || 'session' in result) return [];
  return Object.values(result as Tensors).flatMap(({ data }) =>
    data.buffer instanceof ArrayBuffer ? [data.buffer] : [],
  );
}

async function handle({ id, request }: { id: number; request: Request }): Promise<void> {
  try {
    const result = await answer(request);
    parentPort?.postMessage({ id, result } satisfies Reply, movable(result));
  } catch (thrown) {
    parentPort?.postMessage({ id, fault: messageOf(thrown) } satisfies Reply);
  }
  if (uncollectedBytes < COLLECT_AFTER_BYTES) return;
  uncollectedBytes = 0;
  collectGarbage();
}

/** One after the other: two runs at once would fight for the same cores. */
let queue: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: { id: number; request: Request }) => {
  queue = queue.then(() => handle(message));
});

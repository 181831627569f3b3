/** The computing thread: ONNX Runtime blocks the thread that runs it, so it gets one of its own. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { type ComputeTensors, type DeviceName, runNative, serveKernels } from '../base/index.ts';
import { createSession, type OpenSession, toNative } from './onnx-session.ts';

/** ONNX Runtime's buffers are invisible to the garbage collector, which must be told when they pile up. */
const COLLECT_AFTER_BYTES = 8 * 2 ** 20;
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
let uncollectedBytes = 0;

function countBytes(...made: readonly ComputeTensors[]): void {
  for (const tensor of made.flatMap((tensors) => Object.values(tensors)))
    uncollectedBytes += tensor.data.byteLength;
}

function collectWhereDue(): void {
  if (uncollectedBytes < COLLECT_AFTER_BYTES) return;
  uncollectedBytes = 0;
  collectGarbage();
}

/** As devices.ts chose it. */
let [device, threads]: [DeviceName, number] = ['cpu', 0];

const answer = serveKernels<OpenSession>(
  {
    open: async (settings) => {
      device = settings.device === 'auto' ? 'cpu' : settings.device;
      threads = settings.threads;
      return { device, note: device };
    },
    load: (onnx, options) => createSession(onnx, device, threads, options),
    run: async (session, feeds, wanted, into) => {
      const results = await runNative(session.native, toNative, { feeds, wanted, into });
      countBytes(results, feeds);
      return results;
    },
    release: (session) => session.native.release(),
  },
  (reply, move) => {
    parentPort?.postMessage(reply, move);
    collectWhereDue();
  },
);
parentPort?.on('message', answer);

import { parentPort } from 'node:worker_threads';
import { messageOf } from '../base/index.ts';
import { type PhantomTask, writePhantomStudy } from './phantom-study.ts';

/** Makes what it is sent, one study after another. */
parentPort?.on('message', async (task: PhantomTask) => {
  try {
    parentPort?.postMessage({ provenance: await writePhantomStudy(task) });
  } catch (thrown) {
    parentPort?.postMessage({ fault: messageOf(thrown) });
  }
});

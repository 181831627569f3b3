/** Runs a small convolution on one device and prints `{"milliseconds": n}` or `{"fault": "..."}`. */
import { type DeviceName, messageOf } from '../base/index.ts';
import { createSession, runSession } from './onnx-session.ts';
import { TRIAL_GRAPH, trialFeeds } from './trial-graph.ts';

async function milliseconds(device: DeviceName, threads: number): Promise<number> {
  const session = await createSession(TRIAL_GRAPH, device, threads, {});
  const times: number[] = [];
  for (let run = 0; run < 4; run++) {
    const start = performance.now();
    await runSession(session, trialFeeds(), ['y'], {});
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

/** The message without source paths and line breaks. */
const firstSentence = (text: string): string =>
  (text.split('\n')[0] ?? '')
    .replace(/^.*? was false\. /, '')
    .replace(/^\/\S+ /, '')
    .slice(0, 160);

const [device, threads] = process.argv.slice(2) as [DeviceName, string];
try {
  console.log(JSON.stringify({ milliseconds: await milliseconds(device, Number(threads)) }));
} catch (thrown) {
  console.log(JSON.stringify({ fault: firstSentence(messageOf(thrown)) }));
}

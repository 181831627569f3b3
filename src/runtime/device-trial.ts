/** Runs a small convolution on one device and prints `{"milliseconds": n}` or `{"fault": "..."}`. */
import { z } from 'zod';
import {
  bestMilliseconds,
  type DeviceName,
  messageOf,
  runNative,
  TRIAL_GRAPH,
  trialFeeds,
} from '../base/index.ts';
import { createSession, toNative } from './onnx-session.ts';

const argumentsSchema = z.tuple([z.enum(['cpu', 'cuda', 'webgpu']), z.coerce.number()]);

async function trialMilliseconds(device: DeviceName, threads: number): Promise<number> {
  const { native } = await createSession(TRIAL_GRAPH, device, threads, {});
  const run = { feeds: trialFeeds(), wanted: ['y'], into: {} };
  return bestMilliseconds(() => runNative(native, toNative, run));
}

/** The message without source paths and line breaks. */
const firstSentence = (text: string): string =>
  (text.split('\n')[0] ?? '')
    .replace(/^.*? was false\. /, '')
    .replace(/^\/\S+ /, '')
    .slice(0, 160);

try {
  const [device, threads] = argumentsSchema.parse(process.argv.slice(2));
  console.log(JSON.stringify({ milliseconds: await trialMilliseconds(device, threads) }));
} catch (thrown) {
  console.log(JSON.stringify({ fault: firstSentence(messageOf(thrown)) }));
}

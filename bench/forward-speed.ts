/**
 * Claim: the full-size network's forward pass takes at most 0.75 of PyTorch's time a slice, with the same weights.
 * `node bench/forward-speed.ts [--slices 8] [--rounds 5] [--threads 2]`
 */
import { createRuntime } from '../src/runtime/index.ts';
import { forwardGraph, images, sharedWeights } from './support/full-size.ts';
import { FORWARD_GFLOP, matrixProducts } from './support/matrix-products.ts';
import { numberAfter, race, software } from './support/race.ts';
import { startRival } from './support/rival.ts';

const [slices, rounds, threads] = [
  numberAfter('--slices', 8),
  numberAfter('--rounds', 5),
  numberAfter('--threads', 2),
];
const rival = await startRival(slices, slices, threads);
const runtime = await createRuntime({ device: 'cpu', threads });
console.log(software(threads));
const session = await runtime.load(forwardGraph(sharedWeights(), 'cpu'), { name: 'forward' });
const all = images(slices);
const ours = async () => {
  const started = performance.now();
  const { loss } = await session.run({ images: all });
  return { ms: performance.now() - started, loss: loss?.data[0] as number };
};
const theirs = () => rival.round('forward');
const claim = 'full-size network, forward';
const ruler = { gflops: await matrixProducts(runtime), gflopPerSlice: FORWARD_GFLOP };
const rivalName = rival.name;
const held = await race({ claim, target: 0.75, rounds, slices, ours, theirs, rivalName, ruler });
rival.close();
await runtime.close();
process.exitCode = held ? 0 : 1;

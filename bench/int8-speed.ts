/**
 * Claim: with 8-bit convolutions, all but the first, the full-size two-type network's forward pass takes at most 0.35 of
 * its float32 time.
 * `node bench/int8-speed.ts [--slices 8] [--rounds 5] [--threads 2]`
 */
import { activationNames, quantiseConvolutions, rangeOutputs, rangeProbe } from '../src/graph/index.ts';
import { isQuantised } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { forwardGraph, images, sharedWeights } from './support/full-size.ts';
import { FORWARD_GFLOP, matrixProducts } from './support/matrix-products.ts';
import { numberAfter, race, software } from './support/race.ts';

const [slices, rounds, threads] = [
  numberAfter('--slices', 8),
  numberAfter('--rounds', 5),
  numberAfter('--threads', 2),
];
const runtime = await createRuntime({ device: 'cpu', threads });
console.log(software(threads));
const bytes = forwardGraph(sharedWeights());
const isWanted = isQuantised('vgg16');
const all = images(slices);
const session = await runtime.load(quantiseConvolutions(bytes, isWanted, await measuredRanges()), {
  name: 'int8 forward',
});
const rival = await runtime.load(bytes, { name: 'float32 forward' });
const timed = (run: typeof session) => async () => {
  const started = performance.now();
  const { loss } = await run.run({ images: all });
  return { ms: performance.now() - started, loss: loss?.data[0] as number };
};
const held = await race({
  claim: 'full-size network, forward, int8',
  target: 0.35,
  rounds,
  slices,
  ours: timed(session),
  theirs: timed(rival),
  rivalName: 'the same network in float32',
  ruler: { gflops: await matrixProducts(runtime), gflopPerSlice: FORWARD_GFLOP },
});
await runtime.close();
process.exitCode = held ? 0 : 1;

async function measuredRanges() {
  const names = activationNames(bytes, isWanted);
  const probe = await runtime.load(rangeProbe(bytes, names), { name: 'ranges' });
  const found = await probe.run({ images: all });
  await probe.close();
  return new Map(
    names.map((name) => {
      const { low, high } = rangeOutputs(name);
      return [name, { low: found[low]?.data[0] as number, high: found[high]?.data[0] as number }];
    }),
  );
}

/**
 * Claim: a training step of the full-size network (forward, backward, Adam) takes at most PyTorch's time, each memory
 * mode against PyTorch in the same mode: all activations kept, and the CNN recomputed chunk by chunk.
 * `node bench/training-speed.ts [--slices 8] [--chunk 4] [--rounds 3] [--threads 2]`
 */
import { createRuntime } from '../src/runtime/index.ts';
import { FORWARD_GFLOP, matrixProducts } from './support/matrix-products.ts';
import { numberAfter, race, software } from './support/race.ts';
import { startRival } from './support/rival.ts';
import { checkpointTrainer, plainTrainer } from './support/trainer.ts';

const [slices, chunk] = [numberAfter('--slices', 8), numberAfter('--chunk', 4)];
const [rounds, threads] = [numberAfter('--rounds', 3), numberAfter('--threads', 2)];
console.log(software(threads));

async function compare(mode: 'plain' | 'checkpoint'): Promise<boolean> {
  const rival = await startRival(slices, chunk, threads);
  const runtime = await createRuntime({ device: 'cpu', threads });
  const trainer =
    mode === 'plain' ? await plainTrainer(runtime, slices) : await checkpointTrainer(runtime, slices, chunk);
  const claim = `full-size network, training step, ${mode}`;
  const theirs = () => rival.round(mode);
  const ours = () => trainer.round();
  const rivalName = rival.name;
  // A step computes each convolution, its gradient by the input and by the weights; what is computed anew is not counted
  const ruler = { gflops: await matrixProducts(runtime), gflopPerSlice: 3 * FORWARD_GFLOP };
  const held = await race({ claim, target: 1, rounds, slices, ours, theirs, rivalName, ruler });
  rival.close();
  await runtime.close();
  return held;
}

const held = [await compare('plain'), await compare('checkpoint')];
process.exitCode = held.includes(false) ? 1 : 0;

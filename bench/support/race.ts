import { createRequire } from 'node:module';
import { nearestRank } from '../../src/statistics/index.ts';
import type { Round } from './rival.ts';

export interface Race {
  readonly claim: string;
  readonly target: number;
  readonly rounds: number;
  readonly slices: number;
  readonly ours: () => Promise<Round>;
  readonly theirs: () => Promise<Round>;
  readonly rivalName: string;
  /** How fast this machine multiplies matrices, GFLOP/s, and what our side computes per slice, GFLOP. */
  readonly ruler?: { readonly gflops: () => Promise<number>; readonly gflopPerSlice: number };
}

/** By nearest rank: of an even number of values the lower of the two in the middle. */
export const median = (values: readonly number[]): number => nearestRank(values, 0.5);

/** Relative difference of the losses above which both do not compute the same thing. */
const SAME = 1e-3;

/**
 * Rounds of both in turn, one warm-up each; the ratio of medians decides. Returns whether the claim held, and throws
 * when the losses differ: a race between different computations says nothing.
 */
export async function race({
  claim,
  target,
  rounds,
  slices,
  ours,
  theirs,
  rivalName,
  ruler,
}: Race): Promise<boolean> {
  const first = [await ours(), await theirs()] as const;
  const difference = Math.abs(first[0].loss - first[1].loss) / Math.abs(first[1].loss);
  if (!(difference < SAME)) throw new Error(`${claim}: losses ${first[0].loss} and ${first[1].loss} differ`);
  const times: [number, number][] = [];
  const products: number[] = [];
  for (let round = 0; round < rounds; round++) {
    times.push([(await ours()).ms, (await theirs()).ms]);
    if (ruler) products.push(await ruler.gflops());
  }
  const [mine, other] = [0, 1].map((side) => median(times.map((pair) => pair[side] as number)) / slices);
  const ratio = (mine as number) / (other as number);
  const held = ratio <= target;
  console.log(`${claim}: ${held ? 'held' : 'MISSED'}`);
  console.log(
    `  ratio ${ratio.toFixed(3)} (target at most ${target}), medians of ${rounds} alternating rounds`,
  );
  console.log(
    `  ours ${(mine as number).toFixed(1)} ms a slice, ${rivalName} ${(other as number).toFixed(1)} ms`,
  );
  if (ruler) {
    const [own, machine] = [(1000 * ruler.gflopPerSlice) / (mine as number), median(products)];
    console.log(
      `  ours ${own.toFixed(0)} GFLOP/s, counted as direct convolutions: ${(own / machine).toFixed(2)} of this machine's matrix products (${machine.toFixed(0)} GFLOP/s, same run)`,
    );
  }
  console.log(`  same loss on the first round: ${first[0].loss} and ${first[1].loss}`);
  return held;
}

/** What some work gives, and what it took of the clock and of the processor; the clock depends on what else runs. */
export async function spent<T>(work: () => Promise<T>) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, clockMs: performance.now() - started, processorMs: (user + system) / 1000 };
}

/** Says a claim and whether it held; the process ends with 1 where one did not. */
export function told(claim: string, measured: number, most: number, unit: string): void {
  const isHeld = measured <= most;
  console.log(`${claim}: ${isHeld ? 'held' : 'MISSED'}, ${measured.toFixed(1)} ${unit} (at most ${most})`);
  if (!isHeld) process.exitCode = 1;
}

/** What was measured, in one line. */
export function software(threads: number): string {
  const require = createRequire(import.meta.url);
  const { version } = require('onnxruntime-node/package.json') as { version: string };
  return `Node ${process.versions.node}, onnxruntime-node ${version} (CPU), ${threads} threads, ${process.platform} ${process.arch}`;
}

/** `node bench/x.ts --folder scans`: what stands after a flag. */
export function wordAfter(flag: string): string | undefined {
  const at = process.argv.indexOf(flag);
  return at === -1 ? undefined : process.argv[at + 1];
}

/** `node bench/x.ts --slices 8`: a whole number after a flag. */
export const numberAfter = (flag: string, otherwise: number): number => Number(wordAfter(flag) ?? otherwise);

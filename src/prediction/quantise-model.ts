import { type ProgressListener, RefusedInput, type Runtime } from '../base/index.ts';
import {
  type ActivationRange,
  activationNames,
  quantiseConvolutions,
  rangeOutputs,
  rangeProbe,
} from '../graph/index.ts';
import {
  CNN_PLANS,
  type CnnName,
  type ConvolutionRow,
  convolutionsOf,
  MODEL_PORTS,
  type Model,
  withCard,
} from '../network/index.ts';
import { sliceHu, type Volume } from '../volume/index.ts';

export interface QuantiseOptions {
  readonly runtime: Runtime;
  /** Scans that say how large activations become; none of them is to judge the result. */
  readonly scans: readonly (() => Promise<Volume>)[];
  readonly onProgress?: ProgressListener;
}

/** Slices at once: a whole scan's activations need not fit into memory. */
const CHUNK = 4;

/**
 * Whether a tensor is the weights of a convolution that is to be in 8 bits: every one but a CNN's first, whose steps would
 * be those of the Hounsfield units; it has some 2 % of the multiplications at most.
 */
export function isQuantised(cnn: CnnName): (weights: string) => boolean {
  const [first] = convolutionsOf(CNN_PLANS[cnn]) as readonly [ConvolutionRow];
  return (weights) => weights.includes('/cnn/') && !weights.includes(`/cnn/${first.name}/`);
}

/**
 * The model with the CNN's convolutions but the first in 8 bits, ranges measured on the given scans; recurrent parts and
 * heat maps stay float32. The card says so. Throws RefusedInput `model-quantised` for one that is so already,
 * `scans-missing`.
 */
export async function quantiseModel(
  model: Model,
  { runtime, scans, onProgress }: QuantiseOptions,
): Promise<Uint8Array> {
  const isWanted = isQuantised(model.card.network.cnn);
  const names = activationNames(model.bytes, isWanted);
  if (names.length === 0)
    throw new RefusedInput(
      'model-quantised',
      `${model.card.name} has no float convolutions: it is in 8 bits already`,
    );
  if (scans.length === 0) throw new RefusedInput('scans-missing', 'no scans to measure activations on');
  const probe = await runtime.load(rangeProbe(model.bytes, names), { name: 'activation ranges' });
  const ranges = new Map<string, ActivationRange>();
  for (const [done, load] of scans.entries()) {
    onProgress?.({ task: 'measuring activations', done, total: scans.length });
    const volume = await load();
    for (let start = 0; start < volume.slices; start += CHUNK) {
      const slices = Math.min(CHUNK, volume.slices - start);
      const found = await probe.run({ [MODEL_PORTS.hu]: chunkOf(volume, start, slices) });
      for (const name of names) {
        const { low, high } = rangeOutputs(name);
        widen(ranges, name, found[low]?.data[0] as number, found[high]?.data[0] as number);
      }
    }
  }
  await probe.close();
  const bytes = quantiseConvolutions(model.bytes, isWanted, ranges);
  const card = {
    ...model.card,
    name: `${model.card.name}-int8`,
    differencesFromPaper: [
      ...model.card.differencesFromPaper,
      `convolutions but the first in 8 bits, activations measured on ${scans.length} scans; the figures were measured in float32`,
    ],
  };
  return withCard({ card, bytes }, card);
}

function widen(ranges: Map<string, ActivationRange>, name: string, low: number, high: number): void {
  const known = ranges.get(name) ?? { low, high };
  ranges.set(name, { low: Math.min(known.low, low), high: Math.max(known.high, high) });
}

function chunkOf(volume: Volume, start: number, slices: number) {
  const { rows, columns } = volume;
  const data = new Int16Array(slices * rows * columns);
  for (let i = 0; i < slices; i++) data.set(sliceHu(volume, start + i), i * rows * columns);
  return { element: 'int16', shape: [slices, rows, columns], data } as const;
}

import { at, type ProgressListener, RefusedInput, type Runtime, type Tensor } from '../base/index.ts';
import {
  type ActivationRange,
  activationNames,
  extractSubgraph,
  quantiseConvolutions,
  rangeOutputs,
  rangeProbe,
} from '../graph/index.ts';
import {
  CNN_PLANS,
  type CnnName,
  convolutionsOf,
  isOfCnn,
  MODEL_CUTS,
  MODEL_PORTS,
  type Model,
  withCard,
} from '../network/index.ts';
import type { Volume } from '../volume/index.ts';
import { cnnFeeds, findFrame } from './find-frame.ts';
import { openModelParts } from './model-parts.ts';
import { chunksOf } from './volume-chunks.ts';

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
  const { name: first } = at(convolutionsOf(CNN_PLANS[cnn]), 0);
  return (weights) => isOfCnn(weights) && !isOfCnn(weights, first);
}

/**
 * The model with the CNN's convolutions but the first in 8 bits, ranges measured on the given scans; recurrent parts and
 * heat maps stay float32. The card says so. Throws RefusedInput `model-quantised` for one that is so already,
 * `scans-missing`.
 */
export async function quantiseModel(model: Model, options: QuantiseOptions): Promise<Uint8Array> {
  const { scans } = options;
  const isWanted = isQuantised(model.card.network.cnn);
  const names = activationNames(model.bytes, isWanted);
  if (names.length === 0)
    throw new RefusedInput(
      'model-quantised',
      `${model.card.name} has no float convolutions: it is in 8 bits already`,
    );
  if (scans.length === 0) throw new RefusedInput('scans-missing', 'no scans to measure activations on');
  const ranges = await measuredRanges(model, names, options);
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

/** Of the CNN's parts alone, as a prediction runs them: the head's place is found from all slices of a scan. */
async function measuredRanges(
  model: Model,
  names: readonly string[],
  { runtime, scans, onProgress }: QuantiseOptions,
): Promise<Map<string, ActivationRange>> {
  const parts = openModelParts(model, runtime);
  const inputs = parts.frame ? [MODEL_PORTS.hu, MODEL_CUTS.frame] : [MODEL_PORTS.hu];
  const outputs = names.flatMap((name) => Object.values(rangeOutputs(name)));
  const onnx = extractSubgraph(rangeProbe(model.bytes, names), inputs, outputs);
  const probe = await runtime.load(onnx, { name: 'activation ranges' });
  const ranges = new Map<string, ActivationRange>();
  try {
    for (const [done, load] of scans.entries()) {
      onProgress?.({ task: 'measuring activations', done, total: scans.length });
      const volume = await load();
      const frame = await findFrame(parts, volume, chunksOf(volume, CHUNK));
      for (const { tensor } of chunksOf(volume, CHUNK))
        widen(ranges, names, await probe.run(cnnFeeds(tensor, { frame })));
    }
  } finally {
    await probe.close();
    await parts.close();
  }
  return ranges;
}

function widen(
  ranges: Map<string, ActivationRange>,
  names: readonly string[],
  found: Readonly<Record<string, Tensor>>,
): void {
  for (const name of names) {
    const ports = rangeOutputs(name);
    const [low, high] = [found[ports.low]?.data[0] as number, found[ports.high]?.data[0] as number];
    const known = ranges.get(name) ?? { low, high };
    ranges.set(name, { low: Math.min(known.low, low), high: Math.max(known.high, high) });
  }
}

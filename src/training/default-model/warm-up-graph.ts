import { HEMORRHAGE_CLASSES, type Tensor } from '../../base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  cast,
  createGraph,
  dense,
  gradients,
  input,
  multiply,
  parameter,
  relu,
  slice,
  toOnnx,
  type Value,
} from '../../graph/index.ts';
import {
  bridgeOf,
  buildFoldedRows,
  buildNormalisedRows,
  CNN_PLANS,
  MOBILENET_SETTINGS,
  rowsAfter,
  type Weights,
} from '../../network/index.ts';
import { STEPS_PER_UNIT } from './frozen-maps.ts';

const CNN = 'mobilenet-v1';
const CLASSES = HEMORRHAGE_CLASSES.length;
const { features: FEATURES } = MOBILENET_SETTINGS;
const BRIDGE = 2 * CNN_PLANS[CNN].mapChannels;

/** What ends the CNN: the features that stay, and six logits that serve only while the CNN is trained. */
export const HEAD_SHAPES = {
  'dense/weights': [FEATURES, BRIDGE],
  'dense/bias': [FEATURES],
  'warmUp/weights': [CLASSES, FEATURES],
  'warmUp/bias': [CLASSES],
} as const;
const headParameter = (name: keyof typeof HEAD_SHAPES) => parameter(name, HEAD_SHAPES[name]);

/** Kept maps, in steps of 6/255, as the first trained convolution reads them. */
const keptMaps = (shape: readonly number[]) => input('maps', ['slices', ...shape], 'uint8');
const inUnits = (maps: Value): Value => multiply(cast(maps, 'float32'), 1 / STEPS_PER_UNIT);

export interface TrainingGraph {
  readonly onnx: Uint8Array;
  /** What is trained, by name and shape; the graph's output for each is `gradient/<name>`. */
  readonly trained: Readonly<Record<string, readonly number[]>>;
  /** Running statistics that each step measures anew: the graph's outputs of that name. */
  readonly statistics: readonly string[];
}

/**
 * One step on a batch of slices: kept maps, targets [slices, 6] and the dropout mask [slices, features] in; the loss,
 * gradients and the batch's statistics out. The loss is any hemorrhage's cross-entropy plus the subtypes', weighted.
 */
export function warmUpStep(
  lastFrozen: string,
  mapShape: readonly number[],
  subtypeWeight: number,
): TrainingGraph {
  const targets = input('targets', ['slices', CLASSES]);
  const kept = input('kept', ['slices', FEATURES]);
  const rows = buildNormalisedRows(inUnits(keptMaps(mapShape)), CNN, rowsAfter(CNN, lastFrozen));
  const head = headParameters();
  const features = relu(dense(bridgeOf(rows.maps, CNN_PLANS[CNN]), head.weights, head.bias));
  const logits = dense(multiply(features, kept), head.outWeights, head.outBias);
  const part = (from: number, to: number): Value => {
    const range = { axis: 1, start: from, end: to };
    return binaryCrossEntropyWithLogits(slice(logits, range), slice(targets, range));
  };
  const loss = add(part(0, 1), multiply(part(1, CLASSES), subtypeWeight));
  const trained = [...rows.parameters, ...Object.values(head)];
  const slopes = gradients(loss, trained);
  const outputs = {
    loss,
    ...rows.statistics,
    ...Object.fromEntries(trained.map((p, i) => [`gradient/${p.name}`, slopes[i] as Value])),
  };
  return {
    onnx: toOnnx(createGraph('warm-up step', { outputs })),
    trained: Object.fromEntries(trained.map((p) => [p.name, p.shape as readonly number[]])),
    statistics: Object.keys(rows.statistics),
  };
}

const headParameters = () => ({
  weights: headParameter('dense/weights'),
  bias: headParameter('dense/bias'),
  outWeights: headParameter('warmUp/weights'),
  outBias: headParameter('warmUp/bias'),
});

/** Kept maps -> features and the six logits of each slice, with the weights folded and inside. */
export function featureGraph(lastFrozen: string, mapShape: readonly number[], weights: Weights): Uint8Array {
  const maps = buildFoldedRows(inUnits(keptMaps(mapShape)), CNN, rowsAfter(CNN, lastFrozen), weights);
  const head = headParameters();
  const features = relu(dense(bridgeOf(maps, CNN_PLANS[CNN]), head.weights, head.bias));
  const logits = dense(features, head.outWeights, head.outBias);
  return toOnnx(createGraph('features', { outputs: { features, logits } }), { weights });
}

/** The batch of a step as its feeds. */
export function stepFeeds(
  maps: Uint8Array,
  mapShape: readonly number[],
  targets: Float32Array,
  kept: Float32Array,
) {
  const slices = targets.length / CLASSES;
  return {
    maps: { element: 'uint8', shape: [slices, ...mapShape], data: maps },
    targets: { element: 'float32', shape: [slices, CLASSES], data: targets },
    kept: { element: 'float32', shape: [slices, FEATURES], data: kept },
  } satisfies Record<string, Tensor>;
}

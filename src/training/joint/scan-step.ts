import { IchorError, type Runtime, type Session, type Tensor } from '../../base/index.ts';
import type { TaskName, Weights } from '../../network/index.ts';
import { floatsOf } from './adam.ts';
import { type AffineMap, NO_CHANGE } from './augmentation.ts';
import { GRADIENT, trainingGraphs } from './graphs.ts';
import type { Scan } from './scans.ts';
import { networkOf, type TrainingSettings } from './settings.ts';

type Tensors = Readonly<Record<string, Tensor>>;
export type Gradients = Record<string, Float32Array>;

export interface StepFeeds {
  readonly map: AffineMap;
  readonly targets: Tensors;
  readonly masks: Tensors;
}

/** What a network says of a scan, with its loss; nothing dropped, nothing moved. */
export interface Judgement {
  readonly loss: number;
  /** [outputs]. */
  readonly subjectLogits: Float32Array;
  /** [slices, outputs]; absent under Sub-Lab. */
  readonly sliceLogits?: Float32Array;
}

/** Loss and gradients of whole scans, whatever their length, with the memory of one chunk's activations. */
export interface ScanStepper {
  /** Throws `training-diverged` where the loss is no number. */
  step(scan: Scan, weights: Weights, feeds: StepFeeds): Promise<{ loss: number; gradients: Gradients }>;
  judge(scan: Scan, weights: Weights, targets: Tensors): Promise<Judgement>;
  close(): Promise<void>;
}

export async function createScanStepper(
  runtime: Runtime,
  settings: TrainingSettings,
  task: TaskName,
): Promise<ScanStepper> {
  const graphs = trainingGraphs(settings, task);
  const { features: width } = networkOf(settings);
  const load = (onnx: Uint8Array, name: string) => runtime.load(onnx, { name: `${task}: ${name}` });
  const sessions = {
    whole: await load(graphs.whole, 'whole step'),
    features: await load(graphs.features, 'features'),
    head: await load(graphs.head, 'recurrent part'),
    trunk: await load(graphs.trunk, 'CNN backward'),
    judge: await load(graphs.judge, 'judge'),
  };

  const featuresOf = async (scan: Scan, weights: Weights, map: Tensor): Promise<Tensor> => {
    const data = new Float32Array(scan.slices * width);
    for (const { start, end } of chunksOf(scan.slices, settings.chunk)) {
      const part = await run(sessions.features, {
        prepared: rows(scan.prepared, start, end),
        map,
        ...weights,
      });
      data.set(floatsOf(part.features), start * width);
    }
    return { element: 'float32', shape: [scan.slices, width], data };
  };

  const stepWhole = async (scan: Scan, weights: Weights, feeds: Tensors) => {
    const { loss, ...found } = await run(sessions.whole, { ...feeds, prepared: scan.prepared, ...weights });
    return { loss: lossOf(loss, scan), gradients: gradientsOf(found) };
  };

  const stepInChunks = async (scan: Scan, weights: Weights, feeds: Tensors) => {
    const features = await featuresOf(scan, weights, feeds.map as Tensor);
    const { loss, cotangent, ...found } = await run(sessions.head, { ...feeds, features, ...weights });
    const sums: Gradients = {};
    for (const { start, end } of chunksOf(scan.slices, settings.chunk)) {
      const chunk = {
        prepared: rows(scan.prepared, start, end),
        cotangent: rows(cotangent as Tensor, start, end),
        map: feeds.map as Tensor,
      };
      addGradients(sums, gradientsOf(await run(sessions.trunk, { ...chunk, ...weights })));
    }
    return { loss: lossOf(loss, scan), gradients: { ...sums, ...gradientsOf(found) } };
  };

  return {
    step: async (scan, weights, { map, targets, masks }) => {
      const feeds = { map: mapTensor(map), ...targets, ...masks };
      return scan.slices <= settings.chunk
        ? stepWhole(scan, weights, feeds)
        : stepInChunks(scan, weights, feeds);
    },
    judge: async (scan, weights, targets) => {
      const features = await featuresOf(scan, weights, mapTensor(NO_CHANGE));
      const found = await run(sessions.judge, { features, ...targets, ...weights });
      const ofSlices = found.sliceLogits && { sliceLogits: floatsOf(found.sliceLogits) };
      return { loss: lossOf(found.loss, scan), subjectLogits: floatsOf(found.subjectLogits), ...ofSlices };
    },
    close: async () => {
      for (const session of Object.values(sessions)) await session.close();
    },
  };
}

/** Feeds a session what it takes; weights and targets of other parts stay behind. */
function run(session: Session, feeds: Tensors): Promise<Tensors> {
  const taken = session.inputs.flatMap(({ name }) => (feeds[name] ? [[name, feeds[name]] as const] : []));
  return session.run(Object.fromEntries(taken));
}

function chunksOf(slices: number, chunk: number): { start: number; end: number }[] {
  return Array.from({ length: Math.ceil(slices / chunk) }, (_, i) => ({
    start: i * chunk,
    end: Math.min((i + 1) * chunk, slices),
  }));
}

/** Rows `start` to `end` of a tensor, without a copy. */
function rows(tensor: Tensor, start: number, end: number): Tensor {
  const width = tensor.data.length / (tensor.shape[0] as number);
  const data = floatsOf(tensor).subarray(start * width, end * width);
  return { element: 'float32', shape: [end - start, ...tensor.shape.slice(1)], data };
}

const gradientsOf = (found: Tensors): Gradients =>
  Object.fromEntries(
    Object.entries(found).map(([name, tensor]) => [name.slice(GRADIENT.length), floatsOf(tensor)]),
  );

/** Adds in place; the first one is taken as it is. */
export function addGradients(sums: Gradients, found: Gradients): void {
  for (const [name, values] of Object.entries(found)) {
    const sum = sums[name];
    if (sum === undefined) sums[name] = values;
    else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number);
  }
}

const mapTensor = (map: AffineMap): Tensor => ({
  element: 'float32',
  shape: [1, 2, 3],
  data: Float32Array.from(map),
});

function lossOf(result: Tensor | undefined, { study }: Scan): number {
  const loss = Number(result?.data[0]);
  if (Number.isFinite(loss)) return loss;
  const advice = 'the last checkpoint is whole: go on from it with a lower --rate';
  throw new IchorError(
    'training-diverged',
    `the loss of ${study.source}/${study.study} is ${loss}; ${advice}`,
  );
}

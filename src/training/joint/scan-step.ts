import { at, IchorError, type Runtime, type Session, type Tensor } from '../../base/index.ts';
import type { Dimension } from '../../graph/index.ts';
import type { TaskName, Weights } from '../../network/index.ts';
import { type AffineMap, NO_CHANGE } from '../common/affine-map.ts';
import { floatsOf } from './adam.ts';
import { GRADIENT, type TrainingGraphs, trainingGraphs } from './graphs.ts';
import { chunksOf, inChunks, mapTensor, paddedScan, rows, run, type Tensors } from './scan-chunks.ts';
import type { Scan } from './scans.ts';
import type { TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';

export type Gradients = Record<string, Float32Array>;

export interface StepFeeds {
  readonly map: AffineMap;
  readonly targets: Tensors;
  readonly masks: Tensors;
}

/** What a network says of a scan; nothing dropped, nothing moved. */
export interface Answer {
  /** [outputs]. */
  readonly subjectLogits: Float32Array;
  /** [slices, outputs]; absent under Sub-Lab. */
  readonly sliceLogits?: Float32Array;
}

/** With its loss, which takes the labels that the network learns from. */
export interface Judgement extends Answer {
  readonly loss: number;
}

/** Loss and gradients of whole scans, whatever their length, with the memory of one chunk's activations. */
export interface ScanStepper {
  /** Throws `training-diverged` where the loss is no number. */
  step(scan: Scan, weights: Weights, feeds: StepFeeds): Promise<{ loss: number; gradients: Gradients }>;
  judge(scan: Scan, weights: Weights, targets: Tensors): Promise<Judgement>;
  answer(scan: Scan, weights: Weights): Promise<Answer>;
  close(): Promise<void>;
}

export function createScanStepper(runtime: Runtime, settings: TrainingSettings, task: TaskName): ScanStepper {
  const form = formOf(settings, task);
  const sessions = createSessions(runtime, trainingGraphs(settings, task, runtime.device), task);
  const wholeScan = form.sees === 'scan';
  // A graph of a whole scan is made for its number of slices; chunks leave it open
  const lengthOf = (scan: Scan) => (wholeScan ? scan.slices : 'slices');

  const featuresOf = async (scan: Scan, weights: Weights, map: Tensor): Promise<Tensor> => {
    const session = await sessions.features(lengthOf(scan));
    return inChunks(session, scan, wholeScan ? scan.slices : settings.chunk, { map, ...weights });
  };

  const stepWhole = async (scan: Scan, weights: Weights, feeds: Tensors) => {
    const session = await sessions.whole(lengthOf(scan));
    const { loss, ...found } = await run(session, { ...feeds, prepared: scan.prepared, ...weights });
    return { loss: lossOf(loss, scan), gradients: gradientsOf(found) };
  };

  const stepInChunks = async (scan: Scan, weights: Weights, feeds: Tensors) => {
    const map = feeds.map as Tensor;
    const features = await featuresOf(scan, weights, map);
    const { loss, cotangent, ...found } = await run(await sessions.head(), {
      ...feeds,
      features,
      ...weights,
    });
    const sums: Gradients = {};
    for (const { start, end } of chunksOf(scan.slices, settings.chunk)) {
      const chunk = {
        prepared: rows(scan.prepared, start, end),
        cotangent: rows(cotangent as Tensor, start, end),
        map,
      };
      addGradients(sums, gradientsOf(await run(await sessions.trunk(), { ...chunk, ...weights })));
    }
    return { loss: lossOf(loss, scan), gradients: { ...sums, ...gradientsOf(found) } };
  };

  const say = async (session: Promise<Session>, given: Scan, weights: Weights, targets: Tensors) => {
    const scan = wholeScan ? paddedScan(given) : given;
    const features = await featuresOf(scan, weights, mapTensor(NO_CHANGE));
    const found = await run(await session, { features, ...targets, ...weights });
    const ofSlices = found.sliceLogits && { sliceLogits: floatsOf(found.sliceLogits) };
    return { loss: found.loss, answer: { subjectLogits: floatsOf(found.subjectLogits), ...ofSlices } };
  };

  return {
    step: async (given, weights, { map, targets, masks }) => {
      const scan = wholeScan ? paddedScan(given) : given;
      const feeds = { map: mapTensor(map), ...targets, ...masks };
      return wholeScan || scan.slices <= settings.chunk
        ? stepWhole(scan, weights, feeds)
        : stepInChunks(scan, weights, feeds);
    },
    judge: async (scan, weights, targets) => {
      const { loss, answer } = await say(sessions.judge(), scan, weights, targets);
      return { loss: lossOf(loss, scan), ...answer };
    },
    answer: async (scan, weights) => (await say(sessions.answer(), scan, weights, {})).answer,
    close: () => sessions.close(),
  };
}

/** Sessions, each loaded when it is first asked for. */
function createSessions(runtime: Runtime, graphs: TrainingGraphs, task: TaskName) {
  const loaded = new Map<string, Promise<Session>>();
  const load = (name: string, onnx: () => Uint8Array): Promise<Session> => {
    const found = loaded.get(name) ?? runtime.load(onnx(), { name: `${task}: ${name}` });
    loaded.set(name, found);
    return found;
  };
  return {
    whole: (slices: Dimension) => load(`whole step of ${slices}`, () => graphs.whole(slices)),
    features: (slices: Dimension) => load(`features of ${slices}`, () => graphs.features(slices)),
    head: () => load('head', () => graphs.head()),
    trunk: () => load('CNN backward', () => graphs.trunk()),
    judge: () => load('judge', () => graphs.judge()),
    answer: () => load('answer', () => graphs.answer()),
    close: async () => {
      // One that did not load has said so where it was asked for
      for (const session of loaded.values()) await (await session.catch(() => undefined))?.close();
    },
  };
}

export const gradientsOf = (found: Tensors): Gradients =>
  Object.fromEntries(
    Object.entries(found).map(([name, tensor]) => [name.slice(GRADIENT.length), floatsOf(tensor)]),
  );

/** Adds in place; the first one is taken as it is. */
export function addGradients(sums: Gradients, found: Gradients): void {
  for (const [name, values] of Object.entries(found)) {
    const sum = sums[name];
    if (sum === undefined) sums[name] = values;
    else for (let i = 0; i < sum.length; i++) sum[i] = at(sum, i) + at(values, i);
  }
}

/** Throws `training-diverged` where a gradient with this scan's in it holds what is no number, before Adam takes it. */
export function refuseNotFinite(sums: Gradients, { study }: Pick<Scan, 'study'>): void {
  for (const [name, values] of Object.entries(sums)) {
    // In double precision a sum of finite floats is finite: one question a tensor
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += at(values, i);
    if (Number.isFinite(sum)) continue;
    const text = `the gradient of ${name} is not finite after ${study.source}/${study.study}`;
    throw new IchorError('training-diverged', text);
  }
}

export function lossOf(result: Tensor | undefined, { study }: Pick<Scan, 'study'>): number {
  const loss = Number(result?.data[0]);
  if (Number.isFinite(loss)) return loss;
  throw new IchorError('training-diverged', `the loss of ${study.source}/${study.study} is ${loss}`);
}

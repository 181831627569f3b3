import { floatsOf, IchorError, type Runtime, type Session, type Tensor } from '../../base/index.ts';
import { studyKey } from '../../cohort/index.ts';
import type { Dimension } from '../../graph/index.ts';
import type { TaskName, Weights } from '../../network/index.ts';
import { type AffineMap, NO_CHANGE } from '../common/affine-map.ts';
import { floatTensor, type Tensors } from '../common/feeds.ts';
import { addGradients, type Gradients, gradientsOf, lossOf, notFinite } from '../common/gradients.ts';
import { type TrainingGraphs, trainingGraphs } from './graphs.ts';
import { chunksOf, inChunks, mapTensor, paddedScan, rows, run } from './scan-chunks.ts';
import type { Scan } from './scans.ts';
import type { TrainedNetworkForm } from './trained-network.ts';

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

export function createScanStepper(runtime: Runtime, form: TrainedNetworkForm): ScanStepper {
  const { settings } = form;
  const sessions = createSessions(runtime, trainingGraphs(form, runtime.device), form.task);
  const wholeScan = form.sees === 'scan';
  // A graph of a whole scan is made for its number of slices; chunks leave it open
  const lengthOf = (scan: Scan) => (wholeScan ? scan.slices : 'slices');

  const featuresOf = async (scan: Scan, weights: Weights, map: Tensor): Promise<Tensor> => {
    const session = await sessions.features(lengthOf(scan));
    return inChunks(session, scan, wholeScan ? scan.slices : settings.chunk, { map, ...weights });
  };

  const stepWhole = async (scan: Scan, weights: Weights, feeds: Tensors) => {
    const session = await sessions.whole(lengthOf(scan));
    const found = await run(session, { ...feeds, prepared: scan.prepared, ...weights });
    return { loss: lossOfScan(found.loss, scan), gradients: gradientsOf(found) };
  };

  const stepInChunks = async (scan: Scan, weights: Weights, feeds: Tensors & { readonly map: Tensor }) => {
    const { map } = feeds;
    const features = await featuresOf(scan, weights, map);
    const found = await run(await sessions.head(), { ...feeds, features, ...weights });
    const cotangent = floatTensor(features.shape, floatsOf(found, 'cotangent'));
    const sums: Gradients = {};
    for (const { start, end } of chunksOf(scan.slices, settings.chunk)) {
      const chunk = {
        prepared: rows(scan.prepared, start, end),
        cotangent: rows(cotangent, start, end),
        map,
      };
      addGradients(sums, gradientsOf(await run(await sessions.trunk(), { ...chunk, ...weights })));
    }
    return { loss: lossOfScan(found.loss, scan), gradients: { ...sums, ...gradientsOf(found) } };
  };

  const say = async (session: Promise<Session>, given: Scan, weights: Weights, targets: Tensors) => {
    const scan = wholeScan ? paddedScan(given) : given;
    const features = await featuresOf(scan, weights, mapTensor(NO_CHANGE));
    const found = await run(await session, { features, ...targets, ...weights });
    const ofSlices = found.sliceLogits && { sliceLogits: floatsOf(found, 'sliceLogits') };
    return { loss: found.loss, answer: { subjectLogits: floatsOf(found, 'subjectLogits'), ...ofSlices } };
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
      return { loss: lossOfScan(loss, scan), ...answer };
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

/** Throws `training-diverged` where a gradient with this scan's in it holds what is not a number, before Adam takes it. */
export function refuseNotFinite(sums: Gradients, { study }: Pick<Scan, 'study'>): void {
  const parameter = notFinite(sums);
  if (parameter === undefined) return;
  const text = `the gradient of ${parameter} is not finite after ${studyKey(study)}`;
  throw new IchorError('training-diverged', text);
}

/** Throws `training-diverged` where the scan's loss is not a number. */
export const lossOfScan = (result: Tensor | undefined, { study }: Pick<Scan, 'study'>): number =>
  lossOf(result, (loss) => `the loss of ${studyKey(study)} is ${loss}`);

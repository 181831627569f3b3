import { at, floatsOf, type Runtime, type Session, type Tensor } from '../../base/index.ts';
import type { Weights } from '../../network/index.ts';
import { NO_CHANGE } from '../common/affine-map.ts';
import { floatTensor } from '../common/feeds.ts';
import { type RectifiedGraph, trainingGraphs } from './graphs.ts';
import { chunksOf, mapTensor, paddedScan, rows, run } from './scan-chunks.ts';
import type { Scan } from './scans.ts';
import type { TrainedNetworkForm } from './trained-network.ts';

/** The part of the scans that one layer's graph sees at once. */
type Feeds = Readonly<Record<'prepared' | 'map', Tensor>>;

/**
 * Weights fitted to scans layer by layer, until what enters each ReLU has mean 0 and variance 1 in every channel
 * (Salimans and Kingma 2016, section 3): behind thirteen convolutions with drawn weights any two slices are nearly alike.
 * Layers in `kept` stay as they are. The scans' slices are seen in the settings' chunks.
 */
export async function scaleToScans(
  runtime: Runtime,
  form: TrainedNetworkForm,
  scans: readonly Scan[],
  weights: Weights,
  kept: Weights,
): Promise<Weights> {
  const isWhole = form.sees === 'scan';
  const seen = scans.map((scan) => (isWhole ? paddedScan(scan) : scan));
  // A network of whole scans has a graph for each number of slices: those of the first scan's
  const alike = isWhole ? seen.filter(({ slices }) => slices === seen[0]?.slices) : seen;
  const feeds = alike.flatMap((scan) => feedsOf(scan, isWhole ? scan.slices : form.settings.chunk));
  const layers = trainingGraphs(form, runtime.device).rectified(isWhole ? (alike[0]?.slices ?? 0) : 'slices');
  let scaled = weights;
  for (const layer of layers) {
    if (kept[layer.weights] !== undefined) continue;
    const session = await runtime.load(layer.moments(), { name: `${form.task}: ${layer.weights}` });
    try {
      const channels = floatsOf(weights, layer.bias).length;
      const moments = await momentsOver(session, feeds, scaled, channels);
      scaled = { ...scaled, ...scaledLayer(layer, scaled, moments) };
    } finally {
      await session.close();
    }
  }
  return scaled;
}

const feedsOf = (scan: Scan, chunk: number): Feeds[] =>
  chunksOf(scan.slices, chunk).map(({ start, end }) => ({
    prepared: rows(scan.prepared, start, end),
    map: mapTensor(NO_CHANGE),
  }));

interface Moments {
  readonly mean: Float64Array;
  readonly meanSquare: Float64Array;
}

/** Each chunk weighs as much as it has slices. */
async function momentsOver(
  session: Session,
  feeds: readonly Feeds[],
  weights: Weights,
  channels: number,
): Promise<Moments> {
  const slices = feeds.reduce((sum, { prepared }) => sum + at(prepared.shape, 0), 0);
  const sums = { mean: new Float64Array(channels), meanSquare: new Float64Array(channels) };
  for (const chunk of feeds) {
    const found = await run(session, { ...weights, ...chunk });
    const share = at(chunk.prepared.shape, 0) / slices;
    for (const name of ['mean', 'meanSquare'] as const) {
      for (const [i, value] of floatsOf(found, name).entries())
        sums[name][i] = at(sums[name], i) + share * value;
    }
  }
  return sums;
}

/** Of a channel's mean square, its variance at least: what is below is the roundings of one row, or of equal ones. */
const SMALLEST_VARIANCE_SHARE = 1e-6;

/** A channel that answers the same everywhere stays as it is. */
function scaledLayer(layer: RectifiedGraph, weights: Weights, { mean, meanSquare }: Moments): Weights {
  const [w, b] = [floatsOf(weights, layer.weights), floatsOf(weights, layer.bias)];
  const perChannel = w.length / mean.length;
  const changes = Array.from(mean, (m, i) => {
    const square = at(meanSquare, i);
    const variance = square - m * m;
    return variance > SMALLEST_VARIANCE_SHARE * square
      ? { shift: m, deviation: Math.sqrt(variance) }
      : { shift: 0, deviation: 1 };
  });
  const of = (channel: number) => at(changes, channel);
  const scaled = w.map((value, i) => value / of(Math.floor(i / perChannel)).deviation);
  const shifted = b.map((value, i) => (value - of(i).shift) / of(i).deviation);
  return {
    [layer.weights]: floatTensor(weights[layer.weights]?.shape ?? [], scaled),
    [layer.bias]: floatTensor([b.length], shifted),
  };
}

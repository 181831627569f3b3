import type { Random, Runtime, Session, Tensor } from '../../base/index.ts';
import {
  add,
  affineGrid,
  cast,
  clip,
  conv2d,
  createGraph,
  greater,
  gridSample,
  input,
  multiply,
  reshape,
  subtract,
  toOnnx,
  transpose,
  type Value,
  where,
} from '../../graph/index.ts';
import {
  asImages,
  asSlices,
  buildFoldedRows,
  CNN_PLANS,
  MOBILENET_SETTINGS,
  PREPROCESSING,
  rowsUpTo,
  toInputRange,
  type Weights,
} from '../../network/index.ts';
import { CEILING } from './prepared-series.ts';
import type { Recipe } from './recipe.ts';
import { type SliceGrid, sliceGridOf } from './slice-grid.ts';
import type { SeriesTransform } from './transform.ts';

/** Slices that go through the frozen convolutions at once. */
const CHUNK = 8;
/** ReLU6 ends every row: 0 to 6 as 0 to 255. */
export const STEPS_PER_UNIT = 255 / 6;
const TILE_SIDE = 512;
/** HU above the floor from which a pixel is tissue: air keeps its 0. */
const TISSUE = 5;
/** HU above the floor around which contrast is stretched: grey matter. */
const PIVOT = 50;

/** Transforms prepared slices and runs them through the convolutions that are never trained. */
export interface FrozenMaps {
  /** Prepared slices [slices, side, side], HU above the floor -> maps in steps of 6/255, slice after slice. */
  run(prepared: Float32Array, transform: SeriesTransform, places: Random): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @param random of the tile that all noise is cut from, at places that each copy's own stream draws */
export async function createFrozenMaps(
  runtime: Runtime,
  folded: Weights,
  recipe: Pick<Recipe, 'imageSide' | 'lastFrozen'>,
  random: Random,
): Promise<FrozenMaps> {
  const grid = sliceGridOf(recipe);
  const graph = frozenGraph(folded, recipe.lastFrozen, grid);
  const session = await runtime.load(toOnnx(graph, { weights: folded }), { name: 'frozen CNN' });
  const tile = Float32Array.from({ length: TILE_SIDE ** 2 }, () => random.normal());
  const run: FrozenMaps['run'] = async (prepared, transform, places) => {
    const size = grid.side ** 2;
    const parts: Uint8Array[] = [];
    for (let start = 0; start < prepared.length; start += CHUNK * size) {
      const slices = prepared.subarray(start, start + CHUNK * size);
      const noise = noiseFor(slices.length / size, grid, tile, places);
      parts.push(await runChunk(session, { slices, noise, transform, grid }));
    }
    return Buffer.concat(parts);
  };
  return { run, close: () => session.close() };
}

function frozenGraph(folded: Weights, last: string, { side, unit }: SliceGrid) {
  const slices = input('slices', ['slices', side, side]);
  const map = input('map', [1, 2, 3]);
  const noise = input('noise', ['slices', side, side]);
  const [gain, offset] = [input('gain', [1]), input('offset', [1])];
  const reach = smoothingReach(unit);
  const smoothing = input('smoothing', [2 * reach + 1]);
  const moved = smoothed(sampled(asImages(slices), map, side), smoothing, reach);
  const toned = add(add(multiply(subtract(moved, PIVOT), gain), PIVOT), add(asImages(noise), offset));
  const toneMapped = clip(where(greater(moved, TISSUE), toned, moved), 0, CEILING);
  const channels = PREPROCESSING.head.channels(asSlices(toneMapped));
  const { cnn } = MOBILENET_SETTINGS;
  const images = toInputRange(channels, CNN_PLANS[cnn]);
  const maps = buildFoldedRows(images, cnn, rowsUpTo(cnn, last), folded);
  return createGraph('frozen', {
    outputs: { maps: cast(add(multiply(maps, STEPS_PER_UNIT), 0.5), 'uint8') },
  });
}

/** One map for all slices: the slices stand as channels of one image. */
function sampled(images: Value, map: Value, side: number): Value {
  const grid = affineGrid(map, side, side);
  const stacked = swapped(images);
  return swapped(gridSample(stacked, grid));
}

const swapped = (x: Value): Value => transpose(x, [1, 0, 2, 3]);

/** Two pixels of a slice of 256 x 256 to either side. */
const smoothingReach = (unit: number): number => Math.ceil(2 * unit);

/** Weights of a Gaussian out to the reach; their sum is 1. */
function gaussian(sigma: number, reach: number): number[] {
  const places = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const weights = places.map((i) =>
    sigma === 0 ? Number(i === 0) : Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

function smoothed(images: Value, weights: Value, reach: number): Value {
  const length = 2 * reach + 1;
  const down = conv2d(images, reshape(weights, [1, 1, length, 1]), undefined, {
    padding: { before: [reach, 0], after: [reach, 0] },
  });
  return conv2d(down, reshape(weights, [1, 1, 1, length]), undefined, {
    padding: { before: [0, reach], after: [0, reach] },
  });
}

/** Windows of one tile of noise, at random places: drawn numbers are dear. */
function noiseFor(slices: number, { side }: SliceGrid, tile: Float32Array, random: Random): Float32Array {
  const noise = new Float32Array(slices * side ** 2);
  for (let slice = 0; slice < slices; slice++) {
    const [row, column] = [random.integer(0, TILE_SIDE - side), random.integer(0, TILE_SIDE - side)];
    for (let r = 0; r < side; r++) {
      const from = (row + r) * TILE_SIDE + column;
      noise.set(tile.subarray(from, from + side), (slice * side + r) * side);
    }
  }
  return noise;
}

interface Chunk {
  readonly slices: Float32Array;
  readonly noise: Float32Array;
  readonly transform: SeriesTransform;
  readonly grid: SliceGrid;
}

async function runChunk(
  session: Session,
  { slices, noise, transform, grid: { side, unit } }: Chunk,
): Promise<Uint8Array> {
  const shape = [slices.length / side ** 2, side, side];
  const smoothing = gaussian(unit * transform.smoothing, smoothingReach(unit));
  const floats = (data: readonly number[], of: readonly number[]): Tensor => ({
    element: 'float32',
    shape: of,
    data: Float32Array.from(data),
  });
  const { maps } = await session.run({
    slices: { element: 'float32', shape, data: slices },
    noise: { element: 'float32', shape, data: noise.map((n) => n * transform.noiseHu) },
    map: floats(transform.map, [1, 2, 3]),
    gain: floats([transform.gain], [1]),
    offset: floats([transform.offsetHu], [1]),
    smoothing: floats(smoothing, [smoothing.length]),
  });
  return maps?.data as Uint8Array;
}

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
  IMAGE_SIDE,
  MOBILENET_SETTINGS,
  PREPROCESSING,
  rowsUpTo,
  toInputRange,
  type Weights,
} from '../../network/index.ts';
import { CEILING } from './prepared-series.ts';
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
  /** Prepared slices [slices, 256, 256], HU above the floor -> maps in steps of 6/255, slice after slice. */
  run(prepared: Float32Array, transform: SeriesTransform, places: Random): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @param random of the tile that all noise is cut from, at places that each copy's own stream draws */
export async function createFrozenMaps(
  runtime: Runtime,
  folded: Weights,
  last: string,
  random: Random,
): Promise<FrozenMaps> {
  const session = await runtime.load(toOnnx(frozenGraph(folded, last), { weights: folded }), {
    name: 'frozen CNN',
  });
  const tile = Float32Array.from({ length: TILE_SIDE ** 2 }, () => random.normal());
  const run: FrozenMaps['run'] = async (prepared, transform, places) => {
    const size = IMAGE_SIDE ** 2;
    const parts: Uint8Array[] = [];
    for (let start = 0; start < prepared.length; start += CHUNK * size) {
      const slices = prepared.subarray(start, start + CHUNK * size);
      parts.push(await runChunk(session, slices, transform, noiseFor(slices.length / size, tile, places)));
    }
    return Buffer.concat(parts);
  };
  return { run, close: () => session.close() };
}

function frozenGraph(folded: Weights, last: string) {
  const slices = input('slices', ['slices', IMAGE_SIDE, IMAGE_SIDE]);
  const map = input('map', [1, 2, 3]);
  const noise = input('noise', ['slices', IMAGE_SIDE, IMAGE_SIDE]);
  const [gain, offset] = [input('gain', [1]), input('offset', [1])];
  const smoothing = input('smoothing', [5]);
  const moved = smoothed(sampled(asImages(slices), map), smoothing);
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
function sampled(images: Value, map: Value): Value {
  const side = IMAGE_SIDE;
  const grid = affineGrid(map, side, side);
  const stacked = swapped(images);
  return swapped(gridSample(stacked, grid));
}

const swapped = (x: Value): Value => transpose(x, [1, 0, 2, 3]);

function smoothed(images: Value, weights: Value): Value {
  const down = conv2d(images, reshape(weights, [1, 1, 5, 1]), undefined, {
    padding: { before: [2, 0], after: [2, 0] },
  });
  return conv2d(down, reshape(weights, [1, 1, 1, 5]), undefined, {
    padding: { before: [0, 2], after: [0, 2] },
  });
}

/** Windows of one tile of noise, at random places: drawn numbers are dear. */
function noiseFor(slices: number, tile: Float32Array, random: Random): Float32Array {
  const noise = new Float32Array(slices * IMAGE_SIDE ** 2);
  for (let slice = 0; slice < slices; slice++) {
    const [row, column] = [
      random.integer(0, TILE_SIDE - IMAGE_SIDE),
      random.integer(0, TILE_SIDE - IMAGE_SIDE),
    ];
    for (let r = 0; r < IMAGE_SIDE; r++) {
      const from = (row + r) * TILE_SIDE + column;
      noise.set(tile.subarray(from, from + IMAGE_SIDE), (slice * IMAGE_SIDE + r) * IMAGE_SIDE);
    }
  }
  return noise;
}

async function runChunk(
  session: Session,
  slices: Float32Array,
  transform: SeriesTransform,
  noise: Float32Array,
): Promise<Uint8Array> {
  const shape = [slices.length / IMAGE_SIDE ** 2, IMAGE_SIDE, IMAGE_SIDE];
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
    smoothing: floats(transform.smoothing, [5]),
  });
  return maps?.data as Uint8Array;
}

/** So many times the share of a cell in a map that is spread evenly, and more, is full red. */
const FULL_RED = 48;

/** What the colours of a display mean. */
export interface HeatMapScale {
  /** Cells along each side of the maps. */
  readonly cells: number;
  /** The share of the slice's importance in one cell that is drawn in full red; more is drawn the same. */
  readonly highestShare: number;
}

/** One scale for all studies, so that displays of any two can be compared. A map sums to 1. */
export const heatMapScale = (cells: number): HeatMapScale => ({
  cells,
  highestShare: FULL_RED / cells ** 2,
});

/** Cells along each side of a map (16 in the paper, supplement 6), from all its shares. Throws RangeError where it is no square. */
export function heatMapCells(map: ArrayLike<number>): number {
  const cells = Math.sqrt(map.length);
  if (!Number.isInteger(cells) || cells < 2)
    throw new RangeError(`a heat map is a square of cells, not ${map.length} of them`);
  return cells;
}

/** The map of one slice among those of all slices: a view. */
export function sliceHeatMap(maps: Float32Array, slices: number, slice: number): Float32Array {
  const size = maps.length / slices;
  return maps.subarray(slice * size, (slice + 1) * size);
}

/** Below this probability of its slice a heat map is not drawn. */
export const FAINTEST_PROBABILITY = 0.1;

/** How strongly a map is drawn, from 0 to 1: its sum is always 1, so a head with p = 0.01 would look like one with 0.99. */
export const heatMapOpacity = (probability: number): number =>
  probability < FAINTEST_PROBABILITY ? 0 : probability;

/**
 * Grey to red through orange (paper, figure 4: grey low, red high), in OKLab; lightness falls evenly, so that the
 * order survives a grey print and colour-blind eyes.
 */
const STOPS: readonly (readonly [L: number, a: number, b: number])[] = [
  [0.8, 0, 0],
  [0.72, 0.075, 0.09],
  [0.64, 0.17, 0.115],
  [0.56, 0.2, 0.11],
];
const MOST_OPAQUE = 0.72;

const toSrgbByte = (linear: number): number => {
  const clipped = Math.min(1, Math.max(0, linear));
  return 255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055);
};

/** OKLab to sRGB bytes (Ottosson 2020). */
function oklabToSrgb(L: number, a: number, b: number): [number, number, number] {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toSrgbByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toSrgbByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toSrgbByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The colour at a level from 0 (transparent) to 1 (red), RGBA bytes; alpha rises with the level. */
export function heatMapColor(
  level: number,
): readonly [red: number, green: number, blue: number, alpha: number] {
  const t = Math.min(1, Math.max(0, level));
  const place = t * (STOPS.length - 1);
  const i = Math.min(STOPS.length - 2, Math.floor(place));
  const [from, to] = [STOPS[i] as readonly number[], STOPS[i + 1] as readonly number[]];
  const [L, a, b] = from.map((value, k) => value + (place - i) * ((to[k] as number) - value));
  const [red, green, blue] = oklabToSrgb(L as number, a as number, b as number).map(Math.round);
  return [red as number, green as number, blue as number, Math.round(255 * MOST_OPAQUE * t ** 0.8)];
}

/** All 256 levels, RGBA bytes: level k is at 4k. */
const COLOR_TABLE = Uint8ClampedArray.from(
  Array.from({ length: 256 }, (_, k) => heatMapColor(k / 255)).flat(),
);

/** Each line of cells of a map along so many columns, bilinear between the cells' centres: cells x columns. */
function linesOf(map: ArrayLike<number>, cells: number, columns: number): Float64Array {
  const columnTaps = taps(cells, columns);
  const lines = new Float64Array(cells * columns);
  for (let line = 0; line < cells; line++)
    for (let column = 0; column < columns; column++) {
      const { low, high, share } = columnTaps[column] as Tap;
      const [from, to] = [line * cells + low, line * cells + high];
      lines[line * columns + column] = (map[from] as number) * (1 - share) + (map[to] as number) * share;
    }
  return lines;
}

interface Tap {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

/** The two cells that each of `length` places lies between, and how far it is toward the second. */
function taps(cells: number, length: number): Tap[] {
  return Array.from({ length }, (_, i) => {
    const place = ((i + 0.5) * cells) / length - 0.5;
    const clipped = Math.min(cells - 1, Math.max(0, place));
    const low = Math.min(cells - 2, Math.floor(clipped));
    return { low, high: low + 1, share: clipped - low };
  });
}

/**
 * A square heat map (sums to 1, or all zeros) as RGBA bytes, rows x columns x 4, to be laid over the slice:
 * transparent at zero, red from `scale.highestShare` on, all of it as strong as `opacity` says (0 to 1). Bilinear between
 * the cells' centres and constant beyond the outer ones (cell edges lie on the slice's edges, as the network's stride lays
 * them). Always show it with `heatMapLegend` of the same scale. `rgba` is memory to write into, which is faster where it was
 * used before.
 */
export function colorHeatMap(
  map: ArrayLike<number>,
  rows: number,
  columns: number,
  scale: HeatMapScale = heatMapScale(heatMapCells(map)),
  opacity = 1,
  rgba = new Uint8ClampedArray(4 * rows * columns),
): Uint8ClampedArray {
  const cells = heatMapCells(map);
  const lines = linesOf(map, cells, columns);
  const colors = COLOR_TABLE.map((byte, i) => (i % 4 === 3 ? Math.round(opacity * byte) : byte));
  const colorOf = new Uint32Array(colors.buffer);
  // A whole colour at a time
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rows * columns);
  const levels = 255 / scale.highestShare;
  for (const [row, { low, high, share }] of taps(cells, rows).entries())
    for (let column = 0; column < columns; column++) {
      const above = lines[low * columns + column] as number;
      const below = lines[high * columns + column] as number;
      const level = Math.round(levels * Math.fround(above * (1 - share) + below * share));
      pixels[row * columns + column] = colorOf[Math.min(255, level)] as number;
    }
  return rgba;
}

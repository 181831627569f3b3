import { countPixels, type PixelMask } from './image.ts';

/** Distance of each pixel of the mask to the nearest pixel outside of it, in pixels (chamfer 3-4, within 6 %). */
export function distanceToEdge({ rows, columns, data }: PixelMask): Float32Array {
  const distance = Float32Array.from(data, (m) => (m ? 1e6 : 0));
  const sweep = (indexes: Iterable<number>, neighbours: readonly (readonly [number, number])[]): void => {
    for (const i of indexes) {
      for (const [offset, cost] of neighbours) {
        const through = (distance[i + offset] as number) + cost;
        if (through < (distance[i] as number)) distance[i] = through;
      }
    }
  };
  const inner = innerPixels(rows, columns);
  const before = [
    [-1, 3],
    [-columns, 3],
    [-columns - 1, 4],
    [-columns + 1, 4],
  ] as const;
  sweep(inner, before);
  sweep(
    inner.toReversed(),
    before.map(([offset, cost]) => [-offset, cost] as const),
  );
  return distance.map((d) => d / 3);
}

/** Every pixel but the outermost frame, which never belongs to a head. */
function innerPixels(rows: number, columns: number): number[] {
  const indexes: number[] = [];
  for (let row = 1; row < rows - 1; row++)
    for (let column = 1; column < columns - 1; column++) indexes.push(row * columns + column);
  return indexes;
}

/** The mask without what is thinner than twice the radius, in pixels. */
export function opened(mask: PixelMask, radius: number): PixelMask {
  const depth = distanceToEdge(mask);
  const core = { ...mask, data: Uint8Array.from(depth, (d) => (d > radius ? 1 : 0)) };
  return grown(core, radius);
}

/** The mask with everything nearer than the radius, in pixels. */
export function grown(mask: PixelMask, radius: number): PixelMask {
  const outside = { ...mask, data: mask.data.map((m) => 1 - m) };
  const away = distanceToEdge(outside);
  return { ...mask, data: Uint8Array.from(away, (d) => (d <= radius ? 1 : 0)) };
}

/** The largest region whose pixels touch at a side; undefined for an empty mask. */
export function largestRegion(mask: PixelMask): PixelMask | undefined {
  const left = mask.data.slice();
  let best: number[] = [];
  for (let i = 0; i < left.length; i++) {
    if (!left[i]) continue;
    const region = flood(left, i, mask.columns);
    if (region.length > best.length) best = region;
  }
  if (best.length === 0) return undefined;
  const data = new Uint8Array(left.length);
  for (const i of best) data[i] = 1;
  return { ...mask, data };
}

/** Takes a region out of `left` and returns its pixels. */
function flood(left: Uint8Array, start: number, columns: number): number[] {
  const region = [start];
  left[start] = 0;
  for (const i of region) {
    const column = i % columns;
    for (const j of [column > 0 ? i - 1 : -1, column < columns - 1 ? i + 1 : -1, i - columns, i + columns]) {
      if (!left[j]) continue;
      left[j] = 0;
      region.push(j);
    }
  }
  return region;
}

/** The mask with its holes, for example calcified plexus in a brain. */
export function filled(mask: PixelMask): PixelMask {
  const outside = { ...mask, data: mask.data.map((m) => 1 - m) };
  const background = largestRegion(outside);
  return background === undefined ? mask : { ...mask, data: background.data.map((m) => 1 - m) };
}

/** The mean place of the mask's pixels, and the radius of a disc of its size. */
export function discOf(mask: PixelMask): { row: number; column: number; radius: number } {
  const count = countPixels(mask);
  let [rowSum, columnSum] = [0, 0];
  for (const [i, m] of mask.data.entries()) {
    if (!m) continue;
    rowSum += Math.floor(i / mask.columns);
    columnSum += i % mask.columns;
  }
  return { row: rowSum / count, column: columnSum / count, radius: Math.sqrt(count / Math.PI) };
}

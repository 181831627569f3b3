import { countPixels, maskOf, type PixelMask } from './image.ts';

/** Distance of each pixel of the mask to the nearest pixel outside of it, in pixels (chamfer 3-4, within 6 %). */
export function distanceToEdge({ rows, columns, data }: PixelMask): Float32Array {
  const distance = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) distance[i] = data[i] ? FAR : 0;
  for (let row = 1; row < rows - 1; row++)
    for (let i = row * columns + 1; i < (row + 1) * columns - 1; i++) shorten(distance, i, -1, columns);
  for (let row = rows - 2; row > 0; row--)
    for (let i = (row + 1) * columns - 2; i > row * columns; i--) shorten(distance, i, 1, columns);
  for (let i = 0; i < distance.length; i++) distance[i] = (distance[i] as number) / 3;
  return distance;
}

const FAR = 1e6;

/** The way through a neighbour that was visited before, where it is shorter: 3 to a side, 4 across a corner. */
function shorten(distance: Float32Array, i: number, towards: 1 | -1, columns: number): void {
  const line = i + towards * columns;
  const side = Math.min(distance[i + towards] as number, distance[line] as number) + 3;
  const corner = Math.min(distance[line - 1] as number, distance[line + 1] as number) + 4;
  distance[i] = Math.min(distance[i] as number, side, corner);
}

/** The mask without what is thinner than twice the radius, in pixels. */
export function opened(mask: PixelMask, radius: number): PixelMask {
  const depth = distanceToEdge(mask);
  return grown(
    maskOf(mask, (i) => (depth[i] as number) > radius),
    radius,
  );
}

/** The mask with everything nearer than the radius, in pixels. */
export function grown(mask: PixelMask, radius: number): PixelMask {
  const away = distanceToEdge(maskOf(mask, (i) => mask.data[i] === 0));
  return maskOf(mask, (i) => (away[i] as number) <= radius);
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

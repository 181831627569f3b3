import { at, joinFloats, type Session, type Tensor } from '../../base/index.ts';
import { SLICES_A_STEP } from '../../network/index.ts';
import type { AffineMap } from '../common/affine-map.ts';
import { floatsIn, floatTensor, type Tensors } from '../common/feeds.ts';
import type { Scan } from './scans.ts';

/** Slices of air after the last, up to a multiple of what the 3-D network's poolings take. */
export function paddedScan(scan: Scan): Scan {
  const slices = Math.ceil(scan.slices / SLICES_A_STEP) * SLICES_A_STEP;
  const [, ...size] = scan.prepared.shape;
  const data = new Float32Array(slices * size.reduce((a, b) => a * b, 1));
  data.set(floatsIn(scan.prepared));
  return { ...scan, slices, prepared: floatTensor([slices, ...size], data) };
}

/** Feeds a session what it takes; weights and targets of other parts stay behind. */
export function run(session: Session, feeds: Tensors): Promise<Tensors> {
  const taken = session.inputs.flatMap(({ name }) => (feeds[name] ? [[name, feeds[name]] as const] : []));
  return session.run(Object.fromEntries(taken));
}

export function chunksOf(slices: number, chunk: number): { start: number; end: number }[] {
  return Array.from({ length: Math.ceil(slices / chunk) }, (_, i) => ({
    start: i * chunk,
    end: Math.min((i + 1) * chunk, slices),
  }));
}

/** Rows `start` to `end` of a tensor, without a copy. */
export function rows(tensor: Tensor, start: number, end: number): Tensor {
  const width = tensor.data.length / at(tensor.shape, 0);
  const data = floatsIn(tensor).subarray(start * width, end * width);
  return floatTensor([end - start, ...tensor.shape.slice(1)], data);
}

/** A session on a scan's slices in chunks: the rows of its one output, joined. */
export async function inChunks(session: Session, scan: Scan, chunk: number, feeds: Tensors): Promise<Tensor> {
  const parts: Tensor[] = [];
  for (const { start, end } of chunksOf(scan.slices, chunk))
    parts.push(...Object.values(await run(session, { ...feeds, prepared: rows(scan.prepared, start, end) })));
  const data = joinFloats(parts.map(floatsIn));
  const [, width = 0] = parts[0]?.shape ?? [];
  return floatTensor([data.length / width, width], data);
}

export const mapTensor = (map: AffineMap): Tensor => floatTensor([1, 2, 3], Float32Array.from(map));

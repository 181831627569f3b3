import type { Random } from '../../base/index.ts';
import type { HeadPlan } from '../head/head-plan.ts';
import { tissueHu } from '../head/tissue.ts';
import { type Image, imageOf, smooth } from '../insertion/image.ts';

/** How the head lies in the scanner and how it is scanned. */
export interface ScanPlan {
  readonly slices: number;
  readonly sliceSpacingMm: number;
  /** Rows and columns of a slice as delivered. */
  readonly side: number;
  readonly fieldOfViewMm: number;
  readonly turnDegrees: number;
  readonly tiltDegrees: number;
  readonly shiftMm: { readonly x: number; readonly y: number };
  readonly noiseHu: number;
  /** Of the noise and the edges, pixels of a 512 x 512 slice: small is a sharp kernel. */
  readonly kernelPixels: number;
}

/** Tissue is drawn on this many pixels a side, and enlarged. */
export const DRAWN_SIDE = 256;
/** Below the sella, mm: where the first slice lies. */
const LOWEST_MM = -48;
/** Thin layers in one slice: partial volume. */
const LAYERS = 2;

/** A head's slices without noise, DRAWN_SIDE pixels a side, inferior to superior. */
export function drawHead(head: HeadPlan, scan: ScanPlan): Image[] {
  const turn = (scan.turnDegrees * Math.PI) / 180;
  const tilt = Math.tan((scan.tiltDegrees * Math.PI) / 180);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const step = scan.fieldOfViewMm / DRAWN_SIDE;
  const size = { rows: DRAWN_SIDE, columns: DRAWN_SIDE };
  return Array.from({ length: scan.slices }, (_, slice) => {
    const base = LOWEST_MM + slice * scan.sliceSpacingMm;
    return imageOf(size, (i) => {
      const across = ((i % DRAWN_SIDE) + 0.5 - DRAWN_SIDE / 2) * step - scan.shiftMm.x;
      const down = (Math.floor(i / DRAWN_SIDE) + 0.5 - DRAWN_SIDE / 2) * step - scan.shiftMm.y;
      const [x, y] = [cos * across + sin * down, cos * down - sin * across];
      if (x * x + y * y > 115 ** 2) return -1000;
      let sum = 0;
      for (let layer = 0; layer < LAYERS; layer++) {
        const z = base + ((layer + 0.5) / LAYERS - 0.5) * scan.sliceSpacingMm + tilt * y;
        sum += tissueHu(head, x, y, z);
      }
      return sum / LAYERS;
    });
  });
}

/** A drawn slice as the scanner delivers it: enlarged, holder and noise added, the kernel's edges. */
export function scanSlice(drawn: Image, scan: ScanPlan, random: Random): Image {
  const { side } = scan;
  const size = { rows: side, columns: side };
  const scale = DRAWN_SIDE / side;
  const enlarged = imageOf(size, (i) =>
    sampled(drawn, (Math.floor(i / side) + 0.5) * scale - 0.5, ((i % side) + 0.5) * scale - 0.5),
  );
  const sigma = Math.max(0.3, (scan.kernelPixels * side) / 512);
  const grain = smooth(
    imageOf(size, () => random.normal()),
    sigma,
  );
  const strength = scan.noiseHu / deviation(grain.data);
  const edged = smooth(enlarged, sigma);
  return imageOf(size, (i) => {
    const head = Math.max(edged.data[i] as number, holderHu(i, scan));
    return head + strength * (grain.data[i] as number);
  });
}

/** The arc of the head holder. */
function holderHu(i: number, { side, fieldOfViewMm }: ScanPlan): number {
  const step = fieldOfViewMm / side;
  const x = ((i % side) - side / 2) * step;
  const y = (Math.floor(i / side) - side / 2) * step;
  return Math.abs(Math.hypot(x, y + 20) - 128) < 1.5 && y > 50 ? 130 : -1000;
}

function sampled({ rows, columns, data }: Image, row: number, column: number): number {
  const r = Math.min(rows - 2, Math.max(0, Math.floor(row)));
  const c = Math.min(columns - 2, Math.max(0, Math.floor(column)));
  const [v, u] = [Math.min(1, Math.max(0, row - r)), Math.min(1, Math.max(0, column - c))];
  const i = r * columns + c;
  const at = (j: number) => data[j] as number;
  const top = at(i) + (at(i + 1) - at(i)) * u;
  const bottom = at(i + columns) + (at(i + columns + 1) - at(i + columns)) * u;
  return top + (bottom - top) * v;
}

const deviation = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

import type { Volume } from '../../src/volume/index.ts';

/** What a head CT's slices through the ventricles and above say of its tissues. */
export interface TissueMeasures {
  /** Quantiles of the HU within the skull, noise smoothed away: CSF at the low end, grey matter at the high one. */
  readonly tenthHu: number;
  readonly medianHu: number;
  readonly ninetiethHu: number;
  /** Deviation of what smoothing takes away, in pixels of even brain. */
  readonly noiseHu: number;
  /** Median of what is brighter than 300 HU. */
  readonly boneHu: number;
}

const SMOOTH_MM = 2;
const BONE_HU = 95;

/** Measures the slices from `from` to `to`, as shares of the series. */
export function measureTissues(volume: Volume, spacingMm: number, from = 0.5, to = 0.72): TissueMeasures {
  const inside: number[] = [];
  const noise: number[] = [];
  const bone: number[] = [];
  const { rows, columns, slices } = volume;
  for (let slice = Math.round(slices * from); slice < slices * to; slice++) {
    const hu = volume.hu.subarray(slice * rows * columns, (slice + 1) * rows * columns);
    const skull = insideSkull(hu, rows, columns);
    const reach = Math.max(1, Math.round(SMOOTH_MM / spacingMm));
    for (let row = reach; row < rows - reach; row += 2) {
      for (let column = reach; column < columns - reach; column += 2) {
        const i = row * columns + column;
        if ((hu[i] as number) > 300) bone.push(hu[i] as number);
        if (!skull[i]) continue;
        const { mean, deviation } = around(hu, i, columns, reach);
        if (mean < 0 || mean > 60) continue;
        inside.push(mean);
        noise.push(deviation);
      }
    }
  }
  return {
    tenthHu: quantile(inside, 0.1),
    medianHu: quantile(inside, 0.5),
    ninetiethHu: quantile(inside, 0.9),
    // The lower quartile: places without an edge.
    noiseHu: quantile(noise, 0.25),
    boneHu: quantile(bone, 0.5),
  };
}

/** Pixels with bone on all four sides, a little away from it. */
function insideSkull(hu: Int16Array, rows: number, columns: number): Uint8Array {
  const seen = new Uint8Array(hu.length);
  const look = (start: number, step: number, length: number): void => {
    let since = -1;
    for (let k = 0, i = start; k < length; k++, i += step) {
      if ((hu[i] as number) > BONE_HU) since = 0;
      else if (since >= 0) since++;
      if (since > columns / 40) seen[i] = (seen[i] as number) + 1;
    }
  };
  for (let row = 0; row < rows; row++) {
    look(row * columns, 1, columns);
    look((row + 1) * columns - 1, -1, columns);
  }
  for (let column = 0; column < columns; column++) {
    look(column, columns, rows);
    look((rows - 1) * columns + column, -columns, rows);
  }
  return seen.map((count) => (count === 4 ? 1 : 0));
}

function around(hu: Int16Array, at: number, columns: number, reach: number) {
  let [sum, squares, count] = [0, 0, 0];
  for (let r = -reach; r <= reach; r++) {
    for (let c = -reach; c <= reach; c++, count++) {
      const v = hu[at + r * columns + c] as number;
      sum += v;
      squares += v * v;
    }
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

function quantile(values: number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(share * (sorted.length - 1))] as number;
}

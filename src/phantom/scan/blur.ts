import { gaussian } from '../insertion/image.ts';

/** Gaussian smoothing of a picture of side * side numbers whose borders meet; `sigma` in pixels. */
export function blurred(from: Float32Array, side: number, sigma: number): Float32Array {
  const kernel = gaussian(sigma);
  return blurredDown(blurredAcross(from, side, kernel), side, kernel);
}

function blurredAcross(from: Float32Array, side: number, kernel: Float32Array): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const to = new Float32Array(from.length);
  const line = new Float32Array(side + 2 * reach);
  for (let start = 0; start < from.length; start += side) {
    line.set(from.subarray(start, start + side), reach);
    line.set(from.subarray(start + side - reach, start + side), 0);
    line.set(from.subarray(start, start + reach), reach + side);
    for (let column = 0; column < side; column++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += (kernel[k] as number) * (line[column + k] as number);
      to[start + column] = sum;
    }
  }
  return to;
}

/** Whole rows at a time: memory is read in its order. */
function blurredDown(from: Float32Array, side: number, kernel: Float32Array): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const to = new Float32Array(from.length);
  for (let row = 0; row < side; row++) {
    const target = to.subarray(row * side, (row + 1) * side);
    for (let k = -reach; k <= reach; k++) {
      const start = ((row + k + side) % side) * side;
      const weight = kernel[k + reach] as number;
      for (let column = 0; column < side; column++)
        target[column] = (target[column] as number) + weight * (from[start + column] as number);
    }
  }
  return to;
}

import { IMAGE_SIDE } from '../../network/index.ts';
import { BONE } from './prepared-series.ts';

/** HU above the floor of -20 up to which it is air; from there to bone it is tissue. */
const AIR = 5;
/** Three box blurs of a radius are nearly a Gaussian whose deviation is a little more. */
const PASSES = 3;
/** What the blurred bone comes to at the inner table. */
const AT_THE_TABLE = 0.27;

/**
 * Brightens tissue towards bone, in place, by `hu` at the inner table and less further in: what imperfect
 * beam-hardening correction leaves (negative: overcorrection), and how cortex looks over pale white matter. The
 * training images come from one scanner, others cup differently.
 * @param slices HU above the floor, [slices, 256, 256]
 * @param reach radius of the blur that spreads the bone inward, pixels; about 0.8 mm each
 */
export function addCupping(slices: Float32Array, hu: number, reach: number): void {
  const size = IMAGE_SIDE ** 2;
  for (let start = 0; start < slices.length; start += size) {
    const slice = slices.subarray(start, start + size);
    const near = blurred(
      slice.map((v) => (v >= BONE ? 1 : 0)),
      reach,
    );
    for (const [i, v] of slice.entries())
      if (v > AIR && v < BONE) slice[i] = v + (hu * (near[i] as number)) / AT_THE_TABLE;
  }
}

function blurred(image: Float32Array, reach: number): Float32Array {
  let [from, to] = [image, new Float32Array(image.length)] as [Float32Array, Float32Array];
  for (let pass = 0; pass < PASSES; pass++)
    for (const [along, across] of [
      [1, IMAGE_SIDE],
      [IMAGE_SIDE, 1],
    ] as const) {
      boxBlur(from, to, along, across, reach);
      [from, to] = [to, from];
    }
  return from;
}

/** Means over 2 reach + 1 pixels along one axis; outside there is nothing. */
function boxBlur(from: Float32Array, to: Float32Array, along: number, across: number, reach: number): void {
  const width = 2 * reach + 1;
  const at = (line: number, place: number): number =>
    place < 0 || place >= IMAGE_SIDE ? 0 : (from[line * across + place * along] as number);
  for (let line = 0; line < IMAGE_SIDE; line++) {
    let sum = 0;
    for (let place = -reach; place < reach; place++) sum += at(line, place);
    for (let place = 0; place < IMAGE_SIDE; place++) {
      sum += at(line, place + reach);
      to[line * across + place * along] = sum / width;
      sum -= at(line, place - reach);
    }
  }
}

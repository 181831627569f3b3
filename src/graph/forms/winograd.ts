import { firstOf } from '../../base/index.ts';
import { fixedSizes } from '../dimension.ts';
import type { NodeNames, OnnxWriter } from '../value.ts';
import type { ConvolutionAttributes } from './convolution-attributes.ts';

/** Rows and columns of the output that one tile gives, and of the input that it reads. */
const [GIVEN, READ, KERNEL] = [4, 6, 3] as const;

/**
 * Where polynomials are evaluated, infinity beside them. With these the result errs half as much as with the customary 0, 1,
 * -1, 2, -2 (1.5 and 3.1 parts in a million of its standard deviation, 256 channels of normal numbers; points like them:
 * Barabasz et al. 2020, arXiv:1803.10986).
 */
const EVALUATED = [0, 5 / 8, -5 / 8, 3 / 2, -3 / 2] as const;
const othersThan = (point: number): number[] => EVALUATED.filter((other) => other !== point);

/** Coefficients of the polynomial with these roots, the constant first. */
const polynomial = (roots: readonly number[]): number[] => roots.reduce(timesRoot, [1]);
const timesRoot = (known: readonly number[], root: number): number[] =>
  [0, ...known].map((before, i) => before - root * (known[i] ?? 0));

/** For one axis, after Toom and Cook: 6 inputs, 3 weights and 4 outputs as 6 products. */
type Matrix = readonly (readonly number[])[];
const INPUT_TRANSFORM: Matrix = [
  ...EVALUATED.map((point) => [...polynomial(othersThan(point)), 0]),
  polynomial(EVALUATED),
];
const KERNEL_TRANSFORM: Matrix = [
  ...EVALUATED.map((point) => {
    const scale = othersThan(point).reduce((product, other) => product * (point - other), 1);
    return [1, point, point ** 2].map((power) => power / scale);
  }),
  [0, 0, 1],
];
const OUTPUT_TRANSFORM: Matrix = [0, 1, 2, 3].map((power) => [
  ...EVALUATED.map((point) => point ** power),
  power === GIVEN - 1 ? 1 : 0,
]);

/** For both axes, row by row. */
const ofBothAxes = (transform: Matrix): number[] =>
  transform.flatMap((down) => transform.flatMap((across) => down.flatMap((a) => across.map((b) => a * b))));
/** Of a tile. */
const [POINTS, PRODUCTS] = [GIVEN * GIVEN, READ * READ] as const;

/** With AVX2, 128 channels take as long either way, 256 save a third to a half of the time, 512 a half and more. */
const WIDE = 256;

/** Whether a convolution with weights [out, in, ...kernel] can be computed so, and gains by it. */
export function takesWinograd(
  weights: readonly number[],
  { strides, before, after, groups }: ConvolutionAttributes,
): boolean {
  const [outChannels = 0, inChannels = 0, ...kernel] = weights;
  return (
    kernel.length === 2 &&
    kernel.every((size) => size === KERNEL) &&
    [...strides, ...before, ...after, groups].every((number) => number === 1) &&
    Math.min(outChannels, inChannels) >= WIDE
  );
}

/** Whether tiles cover rows and columns exactly, which writeWinograd needs. */
export const isWholeTiles = (space: readonly unknown[]): boolean =>
  space.every((size) => typeof size === 'number' && size % GIVEN === 0);

/**
 * A convolution of 3 x 3 by Winograd's minimal filtering, F(4 x 4, 3 x 3) (Lavin and Gray 2016, arXiv:1509.09308): a quarter
 * of the multiplications for more work on each value, so it pays where there are many channels. The numbers are those of
 * the direct convolution to a few parts in a million of their spread. Standard operators only.
 * x [N, in, rows, columns] -> tiles [N, 36, in, tiles] -> products [N, 36, out, tiles] -> [N, out, rows, columns].
 */
export function writeWinograd(
  writer: OnnxWriter,
  { inputs: [x = '', weights = '', bias = ''], outputs }: Pick<NodeNames, 'inputs' | 'outputs'>,
  shape: readonly number[],
): void {
  const [outChannels, inChannels] = firstOf(fixedSizes(shape), 2);
  const reshaped = (value: string, sizes: readonly number[]) =>
    writer.node('Reshape', [value, writer.integers(sizes)]);
  // Where weights are stored, ONNX Runtime computes this once, when it loads the file
  const kernelTransform = writer.floats(ofBothAxes(KERNEL_TRANSFORM), [PRODUCTS, KERNEL * KERNEL]);
  const kernels = writer.node('Gemm', [kernelTransform, reshaped(weights, [-1, KERNEL * KERNEL])], {
    transB: { int: 1 },
  });
  const inputTransform = writer.floats(ofBothAxes(INPUT_TRANSFORM), [PRODUCTS, 1, READ, READ]);
  const everyChannel = writer.node('Tile', [inputTransform, writer.integers([inChannels, 1, 1, 1])]);

  const patches = writer.node('Conv', [x, everyChannel], {
    strides: { ints: [GIVEN, GIVEN] },
    pads: { ints: [1, 1, 1, 1] },
    group: { int: inChannels },
  });
  const tiles = writer.node('Transpose', [reshaped(patches, [0, inChannels, PRODUCTS, -1])], {
    perm: { ints: [0, 2, 1, 3] },
  });
  const products = writer.node('MatMul', [reshaped(kernels, [PRODUCTS, outChannels, inChannels]), tiles]);
  const outputTransform = writer.floats(ofBothAxes(OUTPUT_TRANSFORM), [POINTS, PRODUCTS]);
  const points = writer.node('MatMul', [outputTransform, reshaped(products, [0, PRODUCTS, -1])]);
  const tileGrid = writer.node('Shape', [patches], { start: { int: 2 } });
  const gridShape = writer.node('Concat', [writer.integers([0, POINTS * outChannels]), tileGrid], {
    axis: { int: 0 },
  });
  const onGrid = writer.node('Reshape', [points, gridShape]);
  const blocks = { blocksize: { int: GIVEN } };
  if (bias === '') writer.node('DepthToSpace', [onGrid], blocks, outputs);
  else
    writer.node(
      'Add',
      [writer.node('DepthToSpace', [onGrid], blocks), reshaped(bias, [-1, 1, 1])],
      {},
      outputs,
    );
}

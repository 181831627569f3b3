import { at, firstOf } from '../../base/index.ts';
import {
  apply,
  fixedDimension,
  float,
  floats,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
} from '../value.ts';
import { reshape } from './layout.ts';
import { matMul } from './linear.ts';

/**
 * Linear resampling of [N, channels, rows, columns] with half-pixel centres and no smoothing (PyTorch:
 * align_corners=False). To shrink by a whole factor without aliasing, `averagePool2d`.
 */
export const RESIZE: OperatorForm<{ rows: number; columns: number }> = {
  name: 'resize',
  outputs: (inputs, { rows, columns }) => {
    const x = at(inputs, 0);
    if (x.shape.length !== 4) throw shapeFault('resize', inputs, '[N, channels, rows, columns]');
    return [float([at(x.shape, 0), fixedDimension('resize', x, 1), rows, columns])];
  },
  // By sizes: a scale of 5 / 3 in float32 would round to one row less
  onnx: (writer, { inputs, outputs }, { rows, columns }) => {
    const half = { coordinate_transformation_mode: { text: 'half_pixel' } };
    const attributes = { mode: { text: 'linear' }, axes: { ints: [2, 3] }, ...half };
    writer.node('Resize', [at(inputs, 0), '', '', writer.integers([rows, columns])], attributes, outputs);
  },
};

/** Samples images [N, channels, rows, columns] at a grid [N, rows', columns', 2] of (x, y), -1 to 1 edge to edge. */
export const GRID_SAMPLE: OperatorForm<{ outside: 'border' | 'zeros' }> = {
  name: 'gridSample',
  outputs: (inputs) => {
    const [x, grid] = firstOf(inputs, 2);
    if (x.shape.length !== 4 || grid.shape.length !== 4 || grid.shape[3] !== 2) {
      throw shapeFault('gridSample', inputs, '[N, channels, rows, columns] and [N, rows, columns, 2]');
    }
    const [slices, channels] = firstOf(x.shape, 2);
    return [float([slices, channels, at(grid.shape, 1), at(grid.shape, 2)])];
  },
  onnx: (writer, { inputs, outputs }, { outside }) => {
    const mode = { mode: { text: 'bilinear' }, padding_mode: { text: outside } };
    writer.node('GridSample', inputs, { ...mode, align_corners: { int: 0 } }, outputs);
  },
};

export const resize = (x: Value, rows: number, columns: number): ResultValue =>
  apply(RESIZE, [x], { rows, columns });

/** Bilinear; `outside` says what lies beyond the image: its border repeated, or zeros. */
export const gridSample = (x: Value, grid: Value, outside: 'border' | 'zeros' = 'zeros'): ResultValue =>
  apply(GRID_SAMPLE, [x, grid], { outside });

/**
 * The sampling grid of affine maps [N, 2, 3] (PyTorch's affine_grid, align_corners=False): for each place of the
 * result, where in the image it comes from.
 */
export function affineGrid(maps: Value, rows: number, columns: number): ResultValue {
  const centre = (i: number, size: number) => (2 * i + 1) / size - 1;
  const places = Array.from({ length: rows * columns }, (_, i) => [
    centre(i % columns, columns),
    centre(Math.floor(i / columns), rows),
    1,
  ]).flat();
  const grid = matMul(floats(places, [1, rows * columns, 3]), maps, { transposeB: true });
  return reshape(grid, [at(maps.shape, 0), rows, columns, 2]);
}

import {
  add,
  cast,
  clip,
  concat,
  divide,
  floats,
  greater,
  matMul,
  maximum,
  maxPool2d,
  multiply,
  negate,
  reduceMax,
  reduceSum,
  reshape,
  slice,
  squeeze,
  subtract,
  unsqueeze,
  type Value,
  where,
} from '../graph/index.ts';
import { areaMatrix, resampleBy, type Stretch } from './area-resampling.ts';

/** The part of every slice that is shown to the CNN, in pixels from the slice's edge. */
export interface Frame {
  readonly row: Stretch;
  readonly column: Stretch;
  /** [4]: row start, row size, column start, column size. */
  readonly values: Value;
}

export function frameFromValues(parts: readonly [Value, Value, Value, Value]): Frame {
  const values = concat(
    parts.map((part) => reshape(part, [1])),
    0,
  );
  return frameOf(values);
}

/** A frame from its four numbers [4]. */
export function frameOf(values: Value): Frame {
  const [rowStart, rowSize, columnStart, columnSize] = [0, 1, 2, 3].map((i) =>
    reshape(slice(values, { axis: 0, start: i, end: i + 1 }), []),
  ) as [Value, Value, Value, Value];
  return {
    row: { start: rowStart, size: rowSize },
    column: { start: columnStart, size: columnSize },
    values,
  };
}

/** The whole slice is looked at on this many squares a side. */
const SURVEY_SIDE = 128;
/** HU above -20 that count as tissue: above fat and noisy air, below CSF. */
const TISSUE = 12;
/** Squares a side of the opening that takes away what is thin: head holder, table, blanket (about 10 mm). */
const OPENING = 5;
/** Share of the tissue beyond each side of the core: what is left of the table weighs less. */
const OUTSIDE_SHARE = 0.005;
/** The core's longer side times this is the head with a narrow margin. */
const MARGIN = 1.14;
/** The frame is never smaller than this share of the longer side of the slice. */
const SMALLEST_SHARE = 0.25;

/**
 * Where there is a head: tissue by row and by column of each slice, [slices, 2, 128]. Sums over slices, so that a
 * series can be surveyed in chunks. `clipped` is HU above -20, 0 to 120, [slices, rows, columns].
 */
export function headProfiles(clipped: Value, rowPlaces: Value, columnPlaces: Value): Value {
  const matrix = (places: Value, axis: 1 | 2) =>
    areaMatrix(places, { start: 0, size: lengthOf(places, axis) }, SURVEY_SIDE);
  const survey = resampleBy(clipped, matrix(rowPlaces, 1), matrix(columnPlaces, 2));
  const tissue = opened(unsqueeze(cast(greater(survey, TISSUE), 'float32'), 1));
  const byRow = reduceSum(tissue, { axes: [3] });
  const byColumn = reduceSum(tissue, { axes: [2] });
  return concat([byRow, byColumn], 1);
}

const lengthOf = (places: Value, _axis: 1 | 2): Value => add(reduceMax(places), 1);

/** Erosion, then dilation; beyond the border counts as tissue, so that a head that touches it keeps its edge. */
function opened(tissue: Value): Value {
  const options = { kernel: OPENING, stride: 1, padding: (OPENING - 1) / 2 };
  return maxPool2d(negate(maxPool2d(negate(tissue), options)), options);
}

/** The square around the head of a whole series, from the profiles of all its slices [slices, 2, 128]. */
export function headFrame(profiles: Value, rows: Value, columns: Value): Frame {
  const total = reduceSum(profiles, { axes: [0] });
  const [start, end] = [quantile(total, OUTSIDE_SHARE), quantile(total, 1 - OUTSIDE_SHARE)];
  const sizes = concat([reshape(rows, [1]), reshape(columns, [1])], 0);
  const found = greater(reduceSum(total, { axes: [1] }), 0);
  const scale = divide(sizes, SURVEY_SIDE);
  const [from, to] = [
    multiply(where(found, start, 0), scale),
    multiply(where(found, end, SURVEY_SIDE), scale),
  ];
  const side = maximum(
    multiply(reduceMax(subtract(to, from)), MARGIN),
    multiply(reduceMax(sizes), SMALLEST_SHARE),
  );
  const starts = subtract(multiply(add(from, to), 0.5), multiply(side, 0.5));
  const part = (i: number) => squeeze(slice(starts, { axis: 0, start: i, end: i + 1 }), 0);
  return frameFromValues([part(0), side, part(1), side]);
}

/** Where a share of each profile [2, 128] lies before: [2], in squares, between squares too. */
function quantile(profiles: Value, share: number): Value {
  const before = matMul(profiles, STRICTLY_BEFORE);
  const wanted = multiply(reduceSum(profiles, { axes: [1], keep: true }), share);
  const passed = divide(subtract(wanted, before), maximum(profiles, 1e-6));
  return reduceSum(clip(passed, 0, 1), { axes: [1] });
}

/** [i, j] is 1 where square i lies before square j. */
const STRICTLY_BEFORE = floats(
  Array.from({ length: SURVEY_SIDE ** 2 }, (_, n) => (Math.floor(n / SURVEY_SIDE) < n % SURVEY_SIDE ? 1 : 0)),
  [SURVEY_SIDE, SURVEY_SIDE],
);

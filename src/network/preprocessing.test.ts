import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Runtime, Tensor } from '../base/index.ts';
import { createGraph, input, toOnnx, type Value } from '../graph/index.ts';
import { createRuntime } from '../runtime/index.ts';
import { findFrame, PREPROCESSING } from './preprocessing.ts';
import type { PreprocessingName } from './settings.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

type Paint = (slice: number, row: number, column: number) => number;

interface Seen {
  /** [slices, 256, 256]: HU above the floor. */
  readonly prepared: Float32Array;
  /** [slices, 3, 256, 256]. */
  readonly channels: Float32Array;
  /** Row start, row size, column start, column size. */
  readonly frame: readonly number[];
}

/** What a row of PREPROCESSING makes of painted slices. */
async function seen(
  name: PreprocessingName,
  [slices, rows, columns]: readonly [number, number, number],
  paint: Paint,
  side = 256,
): Promise<Seen> {
  const hu = input('hu', ['slices', 'rows', 'columns'], 'int16');
  const { frame } = findFrame(hu, PREPROCESSING[name]);
  const prepared: Value = PREPROCESSING[name].prepare(hu, frame, side);
  const outputs = { prepared, channels: PREPROCESSING[name].channels(prepared), frame: frame.values };
  const session = await runtime.load(toOnnx(createGraph('preprocessing', { outputs })));
  const area = rows * columns;
  const data = Int16Array.from({ length: slices * area }, (_, i) =>
    paint(Math.floor(i / area), Math.floor((i % area) / columns), i % columns),
  );
  const fed: Tensor = { element: 'int16', shape: [slices, rows, columns], data };
  const found = await session.run({ hu: fed });
  await session.close();
  const floats = (output: string) => found[output]?.data as Float32Array;
  return { prepared: floats('prepared'), channels: floats('channels'), frame: [...floats('frame')] };
}

const PLANE = 256 * 256;
const middleOf = (values: Float32Array, plane: number): number =>
  values[plane * PLANE + 128 * 256 + 128] ?? Number.NaN;

describe("the paper's preprocessing (supplement 2)", () => {
  test.each([
    [-1000, [0, 0, 0]],
    [-50, [0, 0, 0]],
    [50, [0.5, 0, 0]],
    [125, [0.875, 0.125, 0]],
    [275, [1, 0.875, 0.125]],
    [450, [1, 1, 1]],
    [3000, [1, 1, 1]],
  ])('%i HU becomes %j in the three ranges', async (value, expected) => {
    const { channels } = await seen('paper', [1, 300, 400], () => value);
    expect([0, 1, 2].map((plane) => middleOf(channels, plane))).toBeAllClose(expected, { absolute: 1e-5 });
  });

  test('512 x 512 is halved by the mean of two by two', async () => {
    const paint: Paint = (_, row, column) => ((row * 7 + column * 13) % 97) + 10;
    const { prepared } = await seen('paper', [1, 512, 512], paint);
    const mean = (row: number, column: number) =>
      [0, 1]
        .flatMap((r) => [0, 1].map((c) => paint(0, 2 * row + r, 2 * column + c)))
        .reduce((a, b) => a + b) / 4;
    const expected = Array.from({ length: PLANE }, (_, i) => mean(Math.floor(i / 256), i % 256) + 50);
    expect([...prepared]).toBeAllClose(expected, { absolute: 1e-3 });
  });

  test.each([
    [256, 256],
    [630, 630],
    [768, 400],
  ])('%i x %i: what rises evenly along the columns still does, from edge to edge', async (rows, columns) => {
    const { prepared } = await seen(
      'paper',
      [2, rows, columns],
      (slice, _, column) => Math.round((400 * (column + 0.5)) / columns) - 40 * slice,
    );
    for (const slice of [0, 1])
      for (const column of [4, 60, 128, 251]) {
        const expected = (400 * (column + 0.5)) / 256 - 40 * slice + 50;
        const found = prepared[slice * PLANE + 100 * 256 + column] as number;
        expect(Math.abs(found - expected)).toBeLessThan(1);
      }
  });

  test('keeps the whole slice', async () => {
    expect((await seen('paper', [1, 300, 400], () => 0)).frame).toEqual([0, 300, 0, 400]);
  });
});

describe("the default model's preprocessing", () => {
  const [ROWS, COLUMNS, CENTRE_ROW, CENTRE_COLUMN, RADIUS] = [512, 512, 230, 290, 150] as const;
  /** A ring of bone around brain, off centre, over the thin arc of a head holder. */
  const head =
    (boneHu: number, airHu: number): Paint =>
    (_, row, column) => {
      const distance = Math.hypot(row - CENTRE_ROW, column - CENTRE_COLUMN);
      if (distance < RADIUS - 15) return 35;
      if (distance < RADIUS) return boneHu;
      return Math.abs(distance - RADIUS - 40) < 1.5 && row > CENTRE_ROW ? 90 : airHu;
    };

  test('crops to a square round the head, whatever lies beside it', async () => {
    const { frame } = await seen('head', [3, ROWS, COLUMNS], head(1200, -1000));
    const [rowStart, rowSize, columnStart, columnSize] = frame as [number, number, number, number];
    expect(rowSize).toBe(columnSize);
    expect(rowStart + rowSize / 2).toBeCloseTo(CENTRE_ROW, -1);
    expect(columnStart + columnSize / 2).toBeCloseTo(CENTRE_COLUMN, -1);
    expect(rowSize / (2 * RADIUS)).toBeGreaterThan(1);
    expect(rowSize / (2 * RADIUS)).toBeLessThan(1.2);
  });

  test('full range and images that stop at -20 and 100 HU look the same to the network, bit by bit', async () => {
    const full = await seen('head', [2, ROWS, COLUMNS], head(1500, -1000));
    const clipped = await seen('head', [2, ROWS, COLUMNS], head(100, -20));
    expect(Buffer.from(full.channels.buffer).equals(Buffer.from(clipped.channels.buffer))).toBe(true);
  });

  test('shows the narrow range inside of the skull alone', async () => {
    const { channels } = await seen('head', [1, ROWS, COLUMNS], head(1500, -1000));
    expect(middleOf(channels, 1)).toBeCloseTo((35 - 10) / 75, 4);
    const outside = channels.subarray(PLANE, PLANE + 3 * 256);
    expect(outside.every((value) => value === 0)).toBe(true);
  });

  test('an empty series is shown whole', async () => {
    const { frame } = await seen('head', [2, 200, 200], () => -1000);
    const [rowStart, rowSize] = frame as [number, number];
    expect(rowStart).toBeLessThanOrEqual(0);
    expect(rowStart + rowSize).toBeGreaterThanOrEqual(200);
  });
});

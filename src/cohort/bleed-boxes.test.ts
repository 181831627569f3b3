import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agreeingBoxes, type BleedBox, pixelsInBoxes, readBleedBoxes } from './bleed-boxes.ts';
import { labelsOf } from './cohort.ts';

const HEADER = 'patient,slice,subtype,x_center,y_center,width,height';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-boxes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (...rows: string[]) => {
  const file = path.join(folder, 'boxes.csv');
  await writeFile(file, [HEADER, ...rows].join('\n'));
  return readBleedBoxes(file);
};

test('boxes are read by patient, as shares of the image', async () => {
  const boxes = await read('51,14,subdural,0.25,0.5,0.1,0.2', '51,15,subdural,0.25,0.5,0.1,0.2');
  expect([...boxes.keys()]).toEqual([51]);
  const [first] = boxes.get(51) ?? [];
  expect(first).toMatchObject({ slice: 14, subtype: 'subdural' });
  expect(first?.rows).toEqual([expect.closeTo(0.4, 6), expect.closeTo(0.6, 6)]);
  expect(first?.columns).toEqual([expect.closeTo(0.2, 6), expect.closeTo(0.3, 6)]);
});

test.each([
  ['another subtype', '51,14,chronic,0.2,0.5,0.1,0.2', /line 2: subtype is "chronic", expected one of intra/],
  ['a cell without a number', '51,14,subdural,,0.5,0.1,0.2', /line 2: x_center is "", expected a number/],
  ['a row that was cut', '51,14,subdural', /line 2/],
])('%s is a bad cell that names its line', async (_, row, text) => {
  await expect(read(row)).rejects.toThrow(text);
  await expect(read(row)).rejects.toMatchObject({ code: 'bad-cell' });
});

const box = (slice: number, subtype: BleedBox['subtype'], low = 0, high = 1): BleedBox => {
  return { slice, subtype, rows: [low, high], columns: [low, high] };
};

test('boxes of a slice count where they name the very subtypes of its labels', () => {
  const labels = new Map([
    [1, labelsOf({ epidural: true })],
    [2, labelsOf({ epidural: true, subdural: true })],
    [3, labelsOf({ subdural: true })],
  ]);
  const boxes = [1, 2, 3, 4].map((slice) => box(slice, 'epidural'));
  expect(agreeingBoxes(boxes, (slice) => labels.get(slice))).toEqual([box(1, 'epidural')]);
});

test('pixels within boxes have the subtype of the smallest one, and none lies beyond the image', () => {
  const size = { slices: 2, rows: 4, columns: 4 };
  const boxes = [box(1, 'intraparenchymal', 0.25, 0.5), box(1, 'epidural', -0.5, 0.75)];
  const [epidural, parenchymal] = [4, 1];
  const rows = [
    [epidural, epidural, epidural, 0],
    [epidural, parenchymal, epidural, 0],
    [epidural, epidural, epidural, 0],
    [0, 0, 0, 0],
  ];
  expect([...pixelsInBoxes(size, boxes)]).toEqual([...Array<number>(16).fill(0), ...rows.flat()]);
});

import { expect, test } from 'vitest';
import { STEPS, toldObjects } from '../scripts/durable/read-trace.ts';

const UID = '1.2.3';
const hex = (...bytes: number[]) => bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const element = (number: number, ...value: number[]) => [
  0,
  0,
  number & 255,
  number >>> 8,
  value.length,
  0,
  0,
  0,
  ...value,
];
const command = [
  ...element(0x0100, 1, 0x80),
  ...element(0x0900, 0, 0),
  ...element(0x1000, ...Buffer.from(`${UID}\0`)),
];
const answer = `1 write(9<TCP:[a->b]>, "${hex(4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, ...command)}", 60) = 60`;
const SOUND = [
  '2 fsync(5</d/incoming/x.part>) = 0',
  `3 rename("/d/incoming/x.part", "/d/objects/s/${UID}.0123456789abcdef.dcm") = 0`,
  '2 fsync(6</d/objects/s>) = 0',
  '3 fdatasync(7</d/journal.jsonl>) = 0',
  answer,
];
const stepsOf = (lines: readonly string[]) =>
  toldObjects(lines).map(({ instance, done }) => [instance, ...done]);

test('an object that took all steps in their order before its answer', () => {
  expect(stepsOf(SOUND)).toEqual([[UID, ...STEPS]]);
});

test.each([
  [0, []],
  [1, []],
  [2, ['bytes synced', 'renamed']],
  [3, ['bytes synced', 'renamed', 'folder synced']],
])('without line %i the steps from there on are missing', (left, steps) => {
  expect(stepsOf(SOUND.filter((_, i) => i !== left))).toEqual([[UID, ...steps]]);
});

test('a sync that began before the rename was over does not count, nor one that ends after the answer', () => {
  const [bytes = '', renamed = '', , journal = ''] = SOUND;
  const early = [
    '2 fsync(6</d/objects/s> <unfinished ...>',
    renamed,
    '2 <... fsync resumed>) = 0',
    journal,
    answer,
  ];
  expect(stepsOf([bytes, ...early])).toEqual([[UID, 'bytes synced', 'renamed']]);
  const late = ['2 fsync(6</d/objects/s> <unfinished ...>', answer, '2 <... fsync resumed>) = 0', journal];
  expect(stepsOf([bytes, renamed, ...late])).toEqual([[UID, 'bytes synced', 'renamed']]);
});

import { expect, test } from 'vitest';
import { decodeJpegLossless } from './jpeg-lossless.ts';

const [ROWS, COLUMNS] = [23, 17];
const samples = Uint16Array.from({ length: ROWS * COLUMNS }, (_, i) => (i * 977 + (i % 5) * 311) % 4096);

/** One code of five bits for each of the 17 categories, which is its number. */
const TABLE = [0xff, 0xc4, 0, 36, 0, ...Array.from({ length: 16 }, (_, i) => (i === 4 ? 17 : 0))];
const CATEGORIES = Array.from({ length: 17 }, (_, category) => category);

interface Coding {
  /** Rows between two restart markers. */
  readonly restartRows: number;
  readonly pointTransform: number;
}

/** A lossless frame of 12 bits with predictor 1, written by the letter of ITU-T T.81 annex H and nothing else. */
function lossless({ restartRows, pointTransform }: Coding): Uint8Array {
  const interval = restartRows * COLUMNS;
  const bytes = [
    0xff,
    0xd8,
    0xff,
    0xc3,
    0,
    11,
    12,
    0,
    ROWS,
    0,
    COLUMNS,
    1,
    1,
    0x11,
    0,
    ...TABLE,
    ...CATEGORIES,
  ];
  if (interval > 0) bytes.push(0xff, 0xdd, 0, 4, interval >> 8, interval & 255);
  bytes.push(0xff, 0xda, 0, 8, 1, 1, 0, 1, 0, pointTransform);
  let bits = '';
  const flush = (): void => {
    for (let place = 0; place < bits.length; place += 8) {
      const byte = Number.parseInt(bits.slice(place, place + 8).padEnd(8, '1'), 2);
      bytes.push(...(byte === 0xff ? [0xff, 0] : [byte]));
    }
    bits = '';
  };
  const shown = samples.map((value) => value >> pointTransform);
  for (const [i, value] of shown.entries()) {
    const row = Math.floor(i / COLUMNS);
    const isRestart = i > 0 && interval > 0 && i % interval === 0;
    if (isRestart) {
      flush();
      bytes.push(0xff, 0xd0 + ((i / interval - 1) % 8));
    }
    const isFirst = i === 0 || isRestart;
    const before = i % COLUMNS === 0 ? shown[(row - 1) * COLUMNS] : shown[i - 1];
    const difference = value - (isFirst ? 1 << (11 - pointTransform) : (before ?? 0));
    const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
    const rest = difference < 0 ? difference + (1 << category) - 1 : difference;
    bits += category.toString(2).padStart(5, '0');
    if (category > 0) bits += rest.toString(2).padStart(category, '0');
  }
  flush();
  return Uint8Array.from([...bytes, 0xff, 0xd9]);
}

test.each([
  { restartRows: 0, pointTransform: 0 },
  { restartRows: 1, pointTransform: 0 },
  { restartRows: 4, pointTransform: 0 },
  { restartRows: 0, pointTransform: 3 },
  { restartRows: 2, pointTransform: 2 },
])(
  'restart markers after $restartRows rows, point transform $pointTransform: the values come back',
  (coding) => {
    const decoded = decodeJpegLossless(lossless(coding), 16);
    const { pointTransform: cut } = coding;
    expect(new Uint16Array(decoded?.buffer ?? new ArrayBuffer(0))).toEqual(
      samples.map((value) => (value >> cut) << cut),
    );
  },
);

test('an interval that ends early is refused', () => {
  const whole = lossless({ restartRows: 4, pointTransform: 0 });
  const second = whole.findIndex((byte, i) => byte === 0xff && whole[i + 1] === 0xd1);
  const cut = Uint8Array.from([...whole.subarray(0, second - 20), ...whole.subarray(second)]);
  expect(() => decodeJpegLossless(cut, 16)).toThrow();
});

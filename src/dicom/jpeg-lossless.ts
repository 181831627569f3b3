import { at } from '../base/index.ts';
import { type HuffmanTable, huffmanTable, LOOKUP_BITS } from './huffman.ts';
import { borrowMemory } from './lent-memory.ts';

/** What a lossless frame says of itself before its codes (ITU-T T.81 B.2.2, B.2.3). */
interface LosslessFrame {
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly table: HuffmanTable;
  /** 1 to 7 (table H.1). */
  readonly predictor: number;
  /** Low bits that were cut off before coding (Pt). */
  readonly pointTransform: number;
  /** Samples between two restart markers; 0 where there are none. */
  readonly restartInterval: number;
  /** Where the codes start. */
  readonly start: number;
}

const LOSSLESS_FRAME = 0xc3;
const TABLES = 0xc4;
const SCAN = 0xda;
const RESTART_INTERVAL = 0xdd;
/** Every other marker before the scan has a length and is passed over; other frame headers are another decoder's. */
const isOtherFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== 0xcc;

/**
 * Decodes a lossless JPEG frame of one component (ITU-T T.81 annex H, Huffman codes): samples as words of so many bits,
 * little endian. Undefined for any other JPEG. Throws where codes are none, or end early.
 */
export function decodeJpegLossless(encoded: Uint8Array, bitsAllocated: number): Uint8Array | undefined {
  const frame = frameOf(encoded);
  if (frame === undefined || frame.precision > bitsAllocated || bitsAllocated > 16) return undefined;
  // An interval is of whole rows (H.1.1)
  if (frame.restartInterval % frame.columns !== 0) return undefined;
  const memory = borrowMemory((frame.rows * frame.columns * bitsAllocated) / 8);
  const samples = bitsAllocated === 8 ? new Uint8Array(memory) : new Uint16Array(memory);
  decodeSamples(encoded, frame, samples);
  if (frame.pointTransform > 0)
    for (const [i, value] of samples.entries()) samples[i] = value << frame.pointTransform;
  return new Uint8Array(memory);
}

function frameOf(bytes: Uint8Array): LosslessFrame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<number, HuffmanTable>();
  let header: Pick<LosslessFrame, 'precision' | 'rows' | 'columns'> | undefined;
  let restartInterval = 0;
  for (let place = 2; place + 10 <= bytes.length; ) {
    const marker = view.getUint8(place + 1);
    if (view.getUint8(place) !== 0xff) return undefined;
    if (marker === 0xff) {
      place++;
      continue;
    }
    const start = place + 4;
    const end = place + 2 + view.getUint16(place + 2);
    if (marker === LOSSLESS_FRAME) {
      if (view.getUint8(start + 5) !== 1) return undefined;
      header = {
        precision: view.getUint8(start),
        rows: view.getUint16(start + 1),
        columns: view.getUint16(start + 3),
      };
    } else if (marker === TABLES) readTables(bytes.subarray(start, end), tables);
    else if (marker === RESTART_INTERVAL) restartInterval = view.getUint16(start);
    else if (marker === SCAN) {
      const table = tables.get(view.getUint8(start + 2) >> 4);
      const [predictor, pointTransform] = [view.getUint8(start + 3), view.getUint8(start + 5) & 15];
      const isKnown = predictor >= 1 && predictor <= 7 && view.getUint8(start) === 1;
      if (header === undefined || table === undefined || !isKnown) return undefined;
      return { ...header, table, predictor, pointTransform, restartInterval, start: end };
    } else if (isOtherFrame(marker)) return undefined;
    place = end;
  }
  return undefined;
}

/** Tables of one segment (ITU-T T.81 B.2.4.2), by their number. */
function readTables(segment: Uint8Array, tables: Map<number, HuffmanTable>): void {
  for (let place = 0; place + 17 <= segment.length; ) {
    const counts = segment.subarray(place + 1, place + 17);
    const total = counts.reduce((a, b) => a + b, 0);
    const values = segment.subarray(place + 17, place + 17 + total);
    tables.set(at(segment, place) & 15, huffmanTable(counts, values));
    place += 17 + total;
  }
}

/**
 * The codes of all samples, row by row: each says how far a sample lies from what its neighbours foretell (H.1.2). One
 * function, since every sample takes a few steps only.
 */
function decodeSamples(
  bytes: Uint8Array,
  { rows, columns, table, predictor, pointTransform, precision, restartInterval, start }: LosslessFrame,
  samples: Uint8Array | Uint16Array,
): void {
  const { lookup, categoryOf } = table;
  const middle = 1 << (precision - pointTransform - 1);
  const restartRows = restartInterval / columns;
  let place = start;
  let bits = 0;
  let count = 0;
  // Zeros that stand for what lies behind the end of the interval
  let invented = 0;
  for (let row = 0; row < rows; row++) {
    const isFirst = row === 0 || (restartRows > 0 && row % restartRows === 0);
    if (isFirst && row > 0) {
      place = restartAt(bytes, place);
      bits = 0;
      count = 0;
      invented = 0;
    }
    const line = row * columns;
    const above = line - columns;
    let left = isFirst ? middle : (samples[above] ?? 0);
    for (let column = 0; column < columns; column++) {
      while (count <= 16) {
        let byte = bytes[place] ?? 0xff;
        if (byte !== 0xff) place++;
        else if (bytes[place + 1] === 0) place += 2;
        else {
          byte = 0;
          invented += 8;
        }
        bits = (bits << 8) | byte;
        count += 8;
      }
      const peeked = (bits >>> (count - 16)) & 0xffff;
      let code = lookup[peeked >>> (16 - LOOKUP_BITS)] ?? 0;
      if (code === 0) code = categoryOf(peeked);
      const category = code & 0xff;
      count -= code >>> 8;
      let difference = 0;
      if (category === 16) difference = 32768;
      else if (category > 0) {
        while (count < category) {
          let byte = bytes[place] ?? 0xff;
          if (byte !== 0xff) place++;
          else if (bytes[place + 1] === 0) place += 2;
          else {
            byte = 0;
            invented += 8;
          }
          bits = (bits << 8) | byte;
          count += 8;
        }
        count -= category;
        difference = (bits >>> count) & ((1 << category) - 1);
        // A leading 0 stands for a negative one (table H.2, figure F.12)
        if (difference < 1 << (category - 1)) difference -= (1 << category) - 1;
      }
      let foretold = left;
      if (column > 0 && !isFirst && predictor > 1) {
        const [a, b, c] = [left, samples[above + column] ?? 0, samples[above + column - 1] ?? 0];
        foretold = foretell(predictor, a, b, c);
      }
      left = (foretold + difference) & 0xffff;
      samples[line + column] = left;
    }
    if (invented > count) throw new Error('the codes end early');
  }
}

/** Table H.1, but for 1: from the sample to the left, the one above and the one above the left one. */
function foretell(predictor: number, left: number, above: number, corner: number): number {
  switch (predictor) {
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    default:
      return (left + above) >> 1;
  }
}

/** Behind the next restart marker (RST0 to RST7). */
function restartAt(bytes: Uint8Array, from: number): number {
  const marker = bytes[from + 1] ?? 0;
  if (bytes[from] === 0xff && marker >= 0xd0 && marker <= 0xd7) return from + 2;
  throw new Error('a restart marker is missing');
}

import { characterDecoder } from './character-sets.ts';
import type { DataElement } from './elements.ts';

/** How one value of a binary representation is read, and its bytes. */
type BinaryReader = readonly [size: number, read: (view: DataView, at: number, little: boolean) => number];

const BINARY: Readonly<Record<string, BinaryReader>> = {
  US: [2, (view, at, little) => view.getUint16(at, little)],
  SS: [2, (view, at, little) => view.getInt16(at, little)],
  UL: [4, (view, at, little) => view.getUint32(at, little)],
  SL: [4, (view, at, little) => view.getInt32(at, little)],
  FL: [4, (view, at, little) => view.getFloat32(at, little)],
  FD: [8, (view, at, little) => view.getFloat64(at, little)],
  UV: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  SV: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  OV: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};

/** Text in the default repertoire, several values parted by backslashes (PS3.5 table 6.2-1). */
const PLAIN_TEXT = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI', 'UR']);
/** Text in the object's character set, several values. */
const LOCAL_TEXT = new Set(['LO', 'PN', 'SH', 'UC']);
/** Text in the object's character set, one value in which a backslash is a backslash. */
const LOCAL_PARAGRAPH = new Set(['LT', 'ST', 'UT']);

export const isText = (vr: string): boolean =>
  PLAIN_TEXT.has(vr) || LOCAL_TEXT.has(vr) || LOCAL_PARAGRAPH.has(vr);

/** An element's values, padding away, empty ones left out; none for what is no text and no number. */
export function textsOf(element: DataElement, characterSets: readonly string[]): string[] {
  const { vr, value } = element;
  if (vr in BINARY) return numbersOf(element).map(String);
  if (PLAIN_TEXT.has(vr)) return trimmed(characterDecoder([])(value).split('\\'));
  const decode = characterDecoder(characterSets);
  if (LOCAL_TEXT.has(vr)) return trimmed(decode(value).split('\\'));
  return LOCAL_PARAGRAPH.has(vr) ? trimmed([decode(value)]) : [];
}

function trimmed(values: readonly string[]): string[] {
  return values.map((value) => value.replaceAll('\0', '').trim()).filter((value) => value !== '');
}

/** An element's finite numbers. Text that is no number counts as missing. */
export function numbersOf(element: DataElement): number[] {
  const binary = BINARY[element.vr];
  const numbers = binary === undefined ? textsOf(element, []).map(Number) : binaryNumbers(element, binary);
  return numbers.filter(Number.isFinite);
}

function binaryNumbers({ value, isLittleEndian }: DataElement, [size, read]: BinaryReader): number[] {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Array.from({ length: Math.floor(value.length / size) }, (_, i) =>
    read(view, i * size, isLittleEndian),
  );
}

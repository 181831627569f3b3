import { ByteWriter } from './byte-writer.ts';
import { representationToWrite, tagOf } from './dictionary.ts';
import { encodeValue, type PlainValue } from './encode-values.ts';

/** Attributes to write, by keyword; an empty text or list is an attribute without value, undefined is none at all. */
export interface WritableAttributes {
  readonly [keyword: string]: WritableValue;
}
export type WritableValue = PlainValue | readonly WritableAttributes[] | EncodedValue | undefined;

/** A value whose bytes are ready, with its representation: taken from another object, say. */
export class EncodedValue {
  readonly vr: string;
  readonly bytes: Uint8Array;
  constructor(vr: string, bytes: Uint8Array) {
    this.vr = vr;
    this.bytes = bytes;
  }
}

/** Representations whose length takes four bytes after two reserved ones (PS3.5 table 7.1-1). */
const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const LONGEST_SHORT_FORM = 0xfffe;
const ITEM = 0xfffee000;
const NOTHING = new Uint8Array(0);

/** A data set in explicit VR little endian, in order of the tags. */
export function dataSetBytes(attributes: WritableAttributes): Uint8Array {
  const out = new ByteWriter();
  writeDataSet(out, attributes);
  return out.written();
}

export function writeDataSet(out: ByteWriter, attributes: WritableAttributes): void {
  const elements = Object.entries(attributes).flatMap(([keyword, value]) =>
    value === undefined ? [] : [{ tag: tagOf(keyword), value }],
  );
  for (const { tag, value } of elements.sort((a, b) => a.tag - b.tag)) writeAttribute(out, tag, value);
}

function writeAttribute(out: ByteWriter, tag: number, value: Exclude<WritableValue, undefined>): void {
  const isReady = value instanceof EncodedValue;
  const vr = isReady ? value.vr : representationToWrite(tag, value);
  if (isReady) writeElement(out, tag, vr, value.bytes);
  else if (vr === 'SQ') writeSequence(out, tag, itemsOf(tag, value), (item) => writeDataSet(out, item));
  else writeElement(out, tag, vr, encodeValue(vr, plain(tag, value)));
}

const isItem = (value: unknown): value is WritableAttributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

function itemsOf(tag: number, value: Exclude<WritableValue, undefined>): readonly WritableAttributes[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.every(isItem)) return items;
  throw new TypeError(`${hex(tag)} is a sequence: its value is a list of items`);
}

function plain(tag: number, value: Exclude<WritableValue, undefined | EncodedValue>): PlainValue {
  const isPlain = (one: Exclude<WritableValue, undefined>): one is PlainValue =>
    ArrayBuffer.isView(one) || (Array.isArray(one) ? !one.some(isItem) : typeof one !== 'object');
  if (isPlain(value)) return value;
  throw new TypeError(`${hex(tag)} is not a sequence, its value is text, numbers or bytes`);
}

/** A sequence for several objects that have the same one. */
export function encodedItems(items: readonly WritableAttributes[]): EncodedValue {
  const out = new ByteWriter();
  writeItems(out, items, (item) => writeDataSet(out, item));
  return new EncodedValue('SQ', out.written());
}

/** Whether an explicit element of a representation can hold so many bytes. */
export const fitsExplicit = (vr: string, length: number): boolean =>
  LONG_FORM.has(vr) || length <= LONGEST_SHORT_FORM;

/** One element of a known representation. */
export function writeElement(out: ByteWriter, tag: number, vr: string, value: Uint8Array): void {
  if (!fitsExplicit(vr, value.length))
    throw new RangeError(`${hex(tag)} has ${value.length} bytes, ${vr} takes ${LONGEST_SHORT_FORM} at most`);
  writeTag(out, tag);
  out.uint16(vr.charCodeAt(0) | (vr.charCodeAt(1) << 8));
  if (LONG_FORM.has(vr)) {
    out.uint16(0);
    out.uint32(value.length);
  } else out.uint16(value.length);
  out.bytes(value);
}

/** A sequence of items, each of which `write` writes the elements of. */
export function writeSequence<Item>(
  out: ByteWriter,
  tag: number,
  items: readonly Item[],
  write: (item: Item) => void,
): void {
  writeElement(out, tag, 'SQ', NOTHING);
  withLength(out, () => writeItems(out, items, write));
}

/** Items with their lengths (PS3.5 7.5.1). */
export function writeItems<Item>(out: ByteWriter, items: readonly Item[], write: (item: Item) => void): void {
  for (const item of items) {
    writeTag(out, ITEM);
    out.uint32(0);
    withLength(out, () => write(item));
  }
}

/** The four bytes before it become the length of what is written. */
function withLength(out: ByteWriter, write: () => void): void {
  const start = out.length;
  write();
  out.replaceUint32(start - 4, out.length - start);
}

function writeTag(out: ByteWriter, tag: number): void {
  out.uint16(tag >>> 16);
  out.uint16(tag & 0xffff);
}

const hex = (tag: number): string => `(${(tag >>> 16).toString(16)},${(tag & 0xffff).toString(16)})`;

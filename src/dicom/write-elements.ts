import { joinBytes } from '../base/index.ts';
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

/** A data set in explicit VR little endian, in parts to be joined, in order of the tags. */
export function dataSetParts(attributes: WritableAttributes): Uint8Array[] {
  const elements = Object.entries(attributes).flatMap(([keyword, value]) =>
    value === undefined ? [] : [{ tag: tagOf(keyword), value }],
  );
  return elements.sort((a, b) => a.tag - b.tag).flatMap(({ tag, value }) => elementParts(tag, value));
}

function elementParts(tag: number, value: Exclude<WritableValue, undefined>): Uint8Array[] {
  if (value instanceof EncodedValue) return element(tag, value.vr, [value.bytes]);
  const vr = representationToWrite(tag, value);
  if (vr === 'SQ') return element(tag, vr, itemsOf(tag, value).flatMap(itemParts));
  return element(tag, vr, [encodeValue(vr, plain(tag, value))]);
}

const isItem = (value: unknown): value is WritableAttributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

function itemsOf(tag: number, value: Exclude<WritableValue, undefined>): WritableAttributes[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.every(isItem)) return [...items];
  throw new TypeError(`${hex(tag)} is a sequence: its value is a list of items`);
}

function plain(tag: number, value: Exclude<WritableValue, undefined | EncodedValue>): PlainValue {
  const isPlain = (one: Exclude<WritableValue, undefined>): one is PlainValue =>
    ArrayBuffer.isView(one) || (Array.isArray(one) ? !one.some(isItem) : typeof one !== 'object');
  if (isPlain(value)) return value;
  throw new TypeError(`${hex(tag)} is not a sequence, its value is text, numbers or bytes`);
}

/** A sequence for several objects that have the same one. */
export const encodedItems = (items: readonly WritableAttributes[]): EncodedValue =>
  new EncodedValue('SQ', joinBytes(items.flatMap(itemParts)));

const itemParts = (attributes: WritableAttributes): Uint8Array[] => itemAround(dataSetParts(attributes));

/** An item with its length (PS3.5 7.5.1). */
export function itemAround(parts: readonly Uint8Array[]): Uint8Array[] {
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  writeTag(view, ITEM);
  view.setUint32(4, lengthOf(parts), true);
  return [header, ...parts];
}

/** Whether an explicit element of a representation can hold so many bytes. */
export const fitsExplicit = (vr: string, length: number): boolean =>
  LONG_FORM.has(vr) || length <= LONGEST_SHORT_FORM;

/** One element of a known representation around the parts of its value. */
export function element(tag: number, vr: string, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = lengthOf(parts);
  const isLong = LONG_FORM.has(vr);
  if (!fitsExplicit(vr, length))
    throw new RangeError(`${hex(tag)} has ${length} bytes, ${vr} takes ${LONGEST_SHORT_FORM} at most`);
  const header = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(header.buffer);
  writeTag(view, tag);
  header.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  if (isLong) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  return [header, ...parts];
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function writeTag(view: DataView, tag: number): void {
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
}

const hex = (tag: number): string => `(${(tag >>> 16).toString(16)},${(tag & 0xffff).toString(16)})`;

import { isKnownTag, nameOfTag, representationOf } from './dictionary.ts';

/** One data element (PS3.5 7.1): where its value lies, or what it consists of. */
export interface DataElement {
  readonly vr: string;
  /** The value's bytes, a view into the file; empty where there are items or fragments. */
  readonly value: Uint8Array;
  readonly isLittleEndian: boolean;
  /** Of a sequence. */
  readonly items?: readonly DataSet[];
  /** Of encapsulated Pixel Data: the offset table, then the fragments (PS3.5 A.4). */
  readonly fragments?: readonly Fragment[];
}

export interface Fragment {
  readonly bytes: Uint8Array;
  /** From the first byte of the first fragment's item tag, as offset tables count. */
  readonly offset: number;
}

/** Elements by tag number, as 0x00280010. */
export type DataSet = ReadonlyMap<number, DataElement>;

export interface Encoding {
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/** What a file's bytes cannot be; `kind` becomes the error's code, the text names no value. */
export class UnreadableBytes extends Error {
  readonly kind: 'not-dicom' | 'dicom-truncated' | 'dicom-damaged';
  constructor(kind: UnreadableBytes['kind'], text: string) {
    super(text);
    this.kind = kind;
  }
}

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const PIXEL_DATA = 0x7fe00010;
const UNDEFINED_LENGTH = 0xffffffff;
const NO_BYTES = new Uint8Array(0);
/** Deeper than any real object nests; a damaged one must not overflow the stack. */
const MOST_NESTED = 32;

/** Explicit representations whose length takes four bytes after two reserved ones (PS3.5 table 7.1-1). */
const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const SHORT_FORM = new Set('AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));

/** Walks a file's elements without copying their values. */
interface Walk {
  readonly bytes: Uint8Array;
  /** Of the whole file, of which the bytes may be the beginning. */
  readonly fileBytes: number;
  readonly view: DataView;
  /** Also sequences that nobody asks for by name. */
  readonly opensAll: boolean;
  at: number;
}

/** Whether the element at a place has a representation where explicit encodings have it. */
export function isExplicitAt(bytes: Uint8Array, at: number): boolean {
  const vr = String.fromCharCode(...bytes.subarray(at + 4, at + 6));
  return SHORT_FORM.has(vr) || LONG_FORM.has(vr);
}

interface ElementHeader {
  readonly tag: number;
  readonly vr: string;
  readonly length: number;
}

export interface ReadingOptions {
  /** Reading ends before the first tag that is not accepted; all are without it. */
  readonly accepts?: ((tag: number) => boolean) | undefined;
  /** Of the whole file, where the bytes are its beginning. */
  readonly fileBytes?: number | undefined;
  /** Opens sequences that nobody asks for by name too, which takes time. */
  readonly opensAll?: boolean | undefined;
}

/**
 * The elements from `start` on, for as long as `accepts` takes their tags. Of bytes that are a file's beginning Pixel
 * Data may be the last element, and its value what is there of it. Throws UnreadableBytes.
 */
export function readDataSet(
  bytes: Uint8Array,
  start: number,
  encoding: Encoding,
  { accepts = () => true, fileBytes = bytes.length, opensAll = false }: ReadingOptions = {},
): { readonly dataSet: DataSet; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walk = { bytes, fileBytes, view, opensAll, at: start };
  const elements = new Map<number, DataElement>();
  const end = endOfContent(bytes);
  while (walk.at < end) {
    if (skippedStray(walk, encoding)) continue;
    if (bytes.length - walk.at >= 4 && !accepts(tagAt(walk, encoding))) break;
    readElement(walk, encoding, bytes.length, elements, 0);
  }
  return { dataSet: elements, end: walk.at };
}

/** Some writers end a sequence of known length with a delimiter all the same; outside of sequences it says nothing. */
function skippedStray(walk: Walk, encoding: Encoding): boolean {
  if (walk.bytes.length - walk.at < 8) return false;
  const isDelimiter = [ITEM_END, SEQUENCE_END].includes(tagAt(walk, encoding));
  if (!isDelimiter || walk.view.getUint32(walk.at + 4, true) !== 0) return false;
  walk.at += 8;
  return true;
}

/** Some writers fill the last block of a file with zeros; no element begins among them. */
function endOfContent(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}

function readElement(
  walk: Walk,
  encoding: Encoding,
  end: number,
  into: Map<number, DataElement>,
  depth: number,
): void {
  const header = readHeader(walk, encoding, end);
  const element = readValue(walk, header, encoding, end, depth);
  if (!into.has(header.tag)) into.set(header.tag, element);
}

function readHeader(walk: Walk, encoding: Encoding, end: number): ElementHeader {
  refuseBeyond(walk, 8, end, 'an element');
  const tag = tagAt(walk, encoding);
  if (tag >>> 16 === 0xfffe) throw damaged(walk.at, `${nameOfTag(tag)} outside of a sequence`);
  if (!encoding.isExplicit) {
    const length = walk.view.getUint32(walk.at + 4, encoding.isLittleEndian);
    walk.at += 8;
    return { tag, vr: representationOf(tag), length };
  }
  return readExplicitHeader(walk, encoding, end, tag);
}

function readExplicitHeader(walk: Walk, encoding: Encoding, end: number, tag: number): ElementHeader {
  const { bytes, view, at } = walk;
  const vr = String.fromCharCode(bytes[at + 4] as number, bytes[at + 5] as number);
  if (SHORT_FORM.has(vr)) {
    walk.at += 8;
    return { tag, vr, length: view.getUint16(at + 6, encoding.isLittleEndian) };
  }
  if (!LONG_FORM.has(vr)) throw damaged(at, `${nameOfTag(tag)} has no value representation of DICOM`);
  refuseBeyond(walk, 12, end, nameOfTag(tag));
  walk.at += 12;
  return { tag, vr, length: view.getUint32(at + 8, encoding.isLittleEndian) };
}

function readValue(
  walk: Walk,
  { tag, vr, length }: ElementHeader,
  encoding: Encoding,
  end: number,
  depth: number,
): DataElement {
  const { isLittleEndian } = encoding;
  if (tag === PIXEL_DATA && length === UNDEFINED_LENGTH)
    return { vr, value: NO_BYTES, isLittleEndian, fragments: readFragments(walk, encoding, end) };
  // What a reader did not know it may have kept as UN, in implicit form (PS3.5 6.2.2)
  const known = vr === 'UN' ? representationOf(tag) : vr;
  if (length === UNDEFINED_LENGTH) {
    if (vr !== 'SQ' && vr !== 'UN') throw damaged(walk.at, `${nameOfTag(tag)} has no length`);
    const inside = vr === 'UN' ? IMPLICIT : encoding;
    return { vr: 'SQ', value: NO_BYTES, isLittleEndian, items: readItems(walk, inside, end, false, depth) };
  }
  const start = walk.at;
  // From a file's first bytes; where none of the pixels is among them, nobody could tell them from missing ones
  const isInPart = start < walk.bytes.length && start + length > end && start + length <= walk.fileBytes;
  if (tag === PIXEL_DATA && isInPart) {
    walk.at = start + length;
    return { vr: known, value: walk.bytes.subarray(start), isLittleEndian };
  }
  refuseBeyond(walk, length, end, nameOfTag(tag));
  // What nobody asks for stays closed: its faults are nobody's either, and opening it takes time
  if (known === 'SQ' && (walk.opensAll || isKnownTag(tag))) {
    const inside = vr === 'UN' ? IMPLICIT : encoding;
    const items = readItems(walk, inside, start + length, true, depth);
    return { vr: 'SQ', value: NO_BYTES, isLittleEndian, items };
  }
  walk.at += length;
  return { vr: known, value: walk.bytes.subarray(start, walk.at), isLittleEndian };
}

const IMPLICIT: Encoding = Object.freeze({ isExplicit: false, isLittleEndian: true });

/** A sequence's items, to its end or to its delimiter (PS3.5 7.5). */
function readItems(
  walk: Walk,
  encoding: Encoding,
  end: number,
  isMeasured: boolean,
  depth: number,
): DataSet[] {
  if (depth >= MOST_NESTED) throw damaged(walk.at, `sequences nest deeper than ${MOST_NESTED}`);
  const items: DataSet[] = [];
  while (!isMeasured || walk.at < end) {
    const { tag, length } = readItemHeader(walk, encoding, end);
    if (tag === SEQUENCE_END) return items;
    if (tag !== ITEM) throw damaged(walk.at - 8, `${nameOfTag(tag)} where a sequence's item was expected`);
    items.push(readItem(walk, encoding, length, end, depth));
  }
  return items;
}

function readItem(walk: Walk, encoding: Encoding, length: number, end: number, depth: number): DataSet {
  const elements = new Map<number, DataElement>();
  if (length !== UNDEFINED_LENGTH) {
    refuseBeyond(walk, length, end, "a sequence's item");
    const itemEnd = walk.at + length;
    while (walk.at < itemEnd) readElement(walk, encoding, itemEnd, elements, depth + 1);
    return elements;
  }
  for (;;) {
    refuseBeyond(walk, 8, end, "a sequence's item");
    if (tagAt(walk, encoding) === ITEM_END) {
      walk.at += 8;
      return elements;
    }
    readElement(walk, encoding, end, elements, depth + 1);
  }
}

function readFragments(walk: Walk, encoding: Encoding, end: number): Fragment[] {
  const fragments: Fragment[] = [];
  let first = 0;
  for (;;) {
    const start = walk.at;
    // Without its end marker too the fragments are whole: what is missing of a frame, its own codes tell
    if (start === end && end === walk.bytes.length && fragments.length > 1) return fragments;
    const { tag, length } = readItemHeader(walk, encoding, end);
    if (tag === SEQUENCE_END) return fragments;
    if (tag !== ITEM) throw damaged(start, `${nameOfTag(tag)} among the fragments of PixelData (7FE0,0010)`);
    refuseBeyond(walk, length, end, 'a fragment of PixelData (7FE0,0010)');
    if (fragments.length === 1) first = start;
    fragments.push({ bytes: walk.bytes.subarray(walk.at, walk.at + length), offset: start - first });
    walk.at += length;
  }
}

/** Tag and length of an item or a delimiter, which have no representation. */
function readItemHeader(walk: Walk, encoding: Encoding, end: number): { tag: number; length: number } {
  refuseBeyond(walk, 8, end, "a sequence's item");
  const tag = tagAt(walk, encoding);
  const length = walk.view.getUint32(walk.at + 4, encoding.isLittleEndian);
  walk.at += 8;
  return { tag, length };
}

function tagAt({ view, at }: Walk, { isLittleEndian }: Encoding): number {
  return view.getUint16(at, isLittleEndian) * 0x10000 + view.getUint16(at + 2, isLittleEndian);
}

function refuseBeyond(walk: Walk, length: number, end: number, what: string): void {
  const left = end - walk.at;
  if (length <= left) return;
  if (end < walk.bytes.length) throw damaged(walk.at, `${what} is longer than the sequence that holds it`);
  const text = `${what} at byte ${walk.at} takes ${length} bytes, the file has ${left} more`;
  throw new UnreadableBytes('dicom-truncated', text);
}

const damaged = (at: number, text: string): UnreadableBytes =>
  new UnreadableBytes('dicom-damaged', `${text}, at byte ${at}`);

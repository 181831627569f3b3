import { base64 } from '../base/index.ts';
import { characterDecoder } from './character-sets.ts';
import { hex, tagOf } from './dictionary.ts';
import type { DataElement, DataSet } from './elements.ts';
import { explicitRepresentation, littleEndianValue } from './explicit-values.ts';
import { parseFile } from './parse.ts';
import { numbersOf, textsOf } from './values.ts';

/** An attribute in the DICOM JSON Model (PS3.18 F.2.2). */
export interface JsonAttribute {
  readonly vr: string;
  readonly Value?: readonly JsonValue[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}
export type JsonValue = string | number | null | JsonName | DicomJson;
/** A person's name by its three representations. */
export type JsonName = Readonly<Partial<Record<(typeof NAME_GROUPS)[number], string>>>;
/** By tag, as `00080018`. */
export interface DicomJson {
  readonly [tag: string]: JsonAttribute;
}

export interface DicomJsonOptions {
  readonly where: string;
  /** Where a long value can be had; gets its path, as `7FE00010` or `00081115/1/0040A123`: items count from 1. */
  readonly bulkDataUri: (path: string) => string;
  /** Only what stands before Pixel Data: of a file that is damaged behind. */
  readonly beforePixels?: boolean;
}

const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const PIXELS = new Set([tagOf('PixelData'), tagOf('FloatPixelData'), tagOf('DoubleFloatPixelData')]);
/** Offset tables, and Pixel Data behind them. */
const FIRST_OF_PIXELS = tagOf('ExtendedOffsetTable');
/** Binary values beyond are told by an address. */
const MOST_INLINE_BYTES = 1024;
const UTF_8 = { vr: 'CS', Value: ['ISO_IR 192'] };

/** All attributes of a DICOM file but its meta information. Throws as readDicomObject does. */
export function dicomJson(
  bytes: Uint8Array,
  { where, bulkDataUri, beforePixels = false }: DicomJsonOptions,
): DicomJson {
  const accepts = (tag: number): boolean => !beforePixels || tag < FIRST_OF_PIXELS;
  const file = parseFile(bytes, where, { opensAll: true, accepts });
  const vrOf = explicitRepresentation(file);
  return jsonOf(file.dataSet, { bulkDataUri, vrOf, characterSets: [], path: '' });
}

/** The value at a path that bulkDataUri was given; undefined where there is none, or its frames are compressed. */
export function bulkDataIn(
  bytes: Uint8Array,
  path: string,
  { where }: { readonly where: string },
): Uint8Array | undefined {
  let dataSet: DataSet | undefined = parseFile(bytes, where, { opensAll: true }).dataSet;
  const steps = path.split('/');
  for (let i = 0; i + 2 < steps.length; i += 2) {
    const item: number = Number(steps[i + 1]) - 1;
    dataSet = dataSet?.get(Number.parseInt(steps[i] ?? '', 16))?.items?.[item];
  }
  const element = dataSet?.get(Number.parseInt(steps.at(-1) ?? '', 16));
  return element === undefined || element.fragments !== undefined ? undefined : littleEndianValue(element);
}

interface Place {
  readonly bulkDataUri: DicomJsonOptions['bulkDataUri'];
  readonly vrOf: ReturnType<typeof explicitRepresentation>;
  readonly characterSets: readonly string[];
  readonly path: string;
}

function jsonOf(dataSet: DataSet, place: Place): DicomJson {
  const own = dataSet.get(tagOf('SpecificCharacterSet'));
  const characterSets = own === undefined ? place.characterSets : textsOf(own, []);
  const entries = [...dataSet].flatMap(([tag, element]): [string, JsonAttribute][] => {
    // Group lengths say nothing without an encoding (PS3.18 F.2.1)
    if ((tag & 0xffff) === 0 || tag >>> 16 <= 2) return [];
    const name = hex(tag);
    const inside = { ...place, characterSets, path: `${place.path}${name}` };
    return [
      [
        name,
        own === element
          ? UTF_8
          : attributeOf({ ...element, vr: place.vrOf(tag, element) }, PIXELS.has(tag), inside),
      ],
    ];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function attributeOf(element: DataElement, isPixels: boolean, place: Place): JsonAttribute {
  const { vr, items, fragments, value } = element;
  if (items !== undefined) {
    const Value = items.map((item, i) => jsonOf(item, { ...place, path: `${place.path}/${i + 1}/` }));
    return Value.length === 0 ? { vr } : { vr, Value };
  }
  const isLong = isPixels || fragments !== undefined || value.length > MOST_INLINE_BYTES;
  const kind = VALUE_KINDS[vr];
  if (kind === undefined && isLong) return { vr, BulkDataURI: place.bulkDataUri(place.path) };
  if (value.length === 0) return { vr };
  if (kind === undefined) return { vr, InlineBinary: base64(littleEndianValue(element)) };
  const Value = VALUES[kind](element, place.characterSets);
  return Value.every((one) => one === null) ? { vr } : { vr, Value };
}

type ValueKind = 'text' | 'paragraph' | 'name' | 'decimal' | 'number' | 'long' | 'tag';

const kindOf = (kind: ValueKind, representations: string): [string, ValueKind][] =>
  representations.split(' ').map((vr) => [vr, kind]);

/** How values stand in JSON (PS3.18 table F.2.3-1); what has no row is binary. */
const VALUE_KINDS: Readonly<Record<string, ValueKind | undefined>> = Object.fromEntries([
  ...kindOf('text', 'AE AS CS DA DT LO SH TM UC UI'),
  ...kindOf('paragraph', 'LT ST UR UT'),
  ...kindOf('name', 'PN'),
  ...kindOf('decimal', 'DS IS'),
  ...kindOf('number', 'US SS UL SL FL FD'),
  ...kindOf('long', 'SV UV'),
  ...kindOf('tag', 'AT'),
]);

const VALUES: Readonly<
  Record<ValueKind, (element: DataElement, characterSets: readonly string[]) => JsonValue[]>
> = {
  text: (element, sets) => split(element, sets).map((text) => (text === '' ? null : text)),
  paragraph: ({ value }, sets) => [unpadded(characterDecoder(sets)(value))],
  name: (element, sets) => split(element, sets).map(nameOf),
  decimal: (element) =>
    split(element, []).map((text) => {
      const number = Number(text);
      if (text === '') return null;
      // What is no number stays what it is: another reader may know more
      return Number.isFinite(number) ? number : text;
    }),
  number: (element) => numbersOf(element),
  long: (element) =>
    longsOf(element).map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`)),
  tag: (element) => tagsOf(element).map(hex),
};

const split = ({ value }: DataElement, characterSets: readonly string[]): string[] =>
  characterDecoder(characterSets)(value)
    .split('\\')
    .map((text) => unpadded(text).trimStart());

const unpadded = (text: string): string => text.replace(/[\0 ]+$/, '');

function nameOf(text: string): JsonName | null {
  const groups = text.split('=').flatMap((group, i) => {
    const name = NAME_GROUPS[i];
    return name === undefined || group === '' ? [] : [[name, unpadded(group)]];
  });
  return groups.length === 0 ? null : Object.fromEntries(groups);
}

const viewOf = ({ value }: DataElement): DataView =>
  new DataView(value.buffer, value.byteOffset, value.byteLength);

function longsOf(element: DataElement): bigint[] {
  const view = viewOf(element);
  const { isLittleEndian, vr } = element;
  return Array.from({ length: Math.floor(view.byteLength / 8) }, (_, i) =>
    vr === 'SV' ? view.getBigInt64(8 * i, isLittleEndian) : view.getBigUint64(8 * i, isLittleEndian),
  );
}

/** Group, then element (PS3.5 6.2). */
function tagsOf(element: DataElement): number[] {
  const view = viewOf(element);
  const { isLittleEndian } = element;
  return Array.from(
    { length: Math.floor(view.byteLength / 4) },
    (_, i) => view.getUint16(4 * i, isLittleEndian) * 0x10000 + view.getUint16(4 * i + 2, isLittleEndian),
  );
}

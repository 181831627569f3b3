import { RefusedInput } from '../base/index.ts';
import { tagOf } from './dictionary.ts';
import type { DataSet } from './elements.ts';
import { type ParsedFile, parseFile } from './parse.ts';
import { SourceModules } from './source-modules.ts';
import { numbersOf, textsOf } from './values.ts';

/** Attributes by keyword, of an object, of a frame, of a sequence's item. */
export interface DicomAttributes {
  /** The first value as text; undefined where the attribute is missing or empty. */
  text(keyword: string): string | undefined;
  texts(keyword: string): readonly string[];
  /** The first value as a number; undefined where it is missing or none. */
  number(keyword: string): number | undefined;
  numbers(keyword: string): readonly number[];
  items(keyword: string): readonly DicomAttributes[];
}

/** A DICOM object: its attributes, and its pixels until they are decoded. */
export interface DicomObject extends DicomAttributes {
  /** The file's path, for error texts. */
  readonly where: string;
  readonly transferSyntaxUid: string;
  readonly hasPixelData: boolean;
  /** Pixels of floating point are there (PS3.3 C.7.6.24, C.7.6.25), which no CT Image has. */
  readonly hasFloatPixels: boolean;
  /** Held in memory: more than the file has where its data set was deflated. */
  readonly bytes: number;
  readonly pixelData: PixelBytes;
  /** 1 where Number of Frames is missing. */
  readonly frames: number;
  /** Patient and study, for objects made of this one. */
  sourceModules(): SourceModules;
  /** What holds for a frame: its functional groups, the shared ones, then the object itself (PS3.3 C.7.6.16). */
  frame(index: number): DicomAttributes;
}

/** Pixel Data as it lies in the file; views, nothing is copied. */
export interface PixelBytes {
  /** One where the pixels are not compressed, else one or more a frame. */
  readonly parts: readonly Uint8Array[];
  /** Of the words that a big endian file turns around: bytes stand for themselves in OB. */
  readonly wordBytes: 1 | 2;
  /** Where each part starts, as offset tables count; empty where the pixels are not compressed. */
  readonly partOffsets: readonly number[];
  /** Where each frame starts, by the Basic or the Extended Offset Table; empty where there is none. */
  readonly frameOffsets: readonly number[];
}

/**
 * Reads one file, without copying its pixels. Throws RefusedInput `not-dicom`, `dicom-truncated` or `dicom-damaged`.
 * Names and identifiers are `readIdentity`'s alone.
 */
export function readDicomObject(bytes: Uint8Array, { where }: { readonly where: string }): DicomObject {
  return objectOf(parseFile(bytes, where), where);
}

/** Padding and signatures behind the pixels; where more lies there, the whole file is looked at. */
const MOST_TRAILING_BYTES = 4096;

/**
 * As readDicomObject, from the first bytes of a file where uncompressed pixels come last; undefined where these tell too
 * little or are wrong, which the whole file tells. Its pixels cannot be decoded.
 */
export function readDicomHead(
  head: Uint8Array,
  { where, fileBytes }: { readonly where: string; readonly fileBytes: number },
): DicomObject | undefined {
  try {
    const parsed = parseFile(head, where, { fileBytes });
    const isLast = parsed.dataSet.has(PIXEL_DATA) && fileBytes - parsed.end <= MOST_TRAILING_BYTES;
    return isLast ? objectOf(parsed, where) : undefined;
  } catch (thrown) {
    if (thrown instanceof RefusedInput) return undefined;
    throw thrown;
  }
}

function objectOf({ transferSyntaxUid, dataSet, bytes: held }: ParsedFile, where: string): DicomObject {
  const own = attributesOf(dataSet);
  const pixelData = pixelBytesOf(dataSet, own);
  return Object.freeze({
    ...own,
    where,
    transferSyntaxUid,
    bytes: held,
    hasPixelData: pixelData.parts.some((part) => part.length > 0),
    hasFloatPixels: FLOAT_PIXELS.some((keyword) => dataSet.has(tagOf(keyword))),
    pixelData,
    frames: own.number('NumberOfFrames') ?? 1,
    sourceModules: () => new SourceModules(dataSet),
    frame: frameReader(dataSet, own),
  });
}

const PIXEL_DATA = 0x7fe00010;
const FLOAT_PIXELS = ['FloatPixelData', 'DoubleFloatPixelData'];

/**
 * The attributes before Pixel Data, from a file's first bytes: where a million files are only sorted. Throws as
 * readDicomObject does; `dicom-truncated` where the attributes go on beyond the bytes given.
 */
export function readDicomHeader(head: Uint8Array, { where }: { readonly where: string }): DicomAttributes {
  return attributesOf(parseFile(head, where, { accepts: (tag) => tag !== PIXEL_DATA }).dataSet);
}

function frameReader(dataSet: DataSet, own: DicomAttributes): (index: number) => DicomAttributes {
  const itemsOf = (keyword: string) => dataSet.get(tagOf(keyword))?.items ?? [];
  const shared = groupsOf(itemsOf('SharedFunctionalGroupsSequence')[0], own);
  const perFrame = itemsOf('PerFrameFunctionalGroupsSequence');
  if (perFrame.length === 0 && shared.length === 0) return () => own;
  return (index) => layered([...groupsOf(perFrame[index], own), ...shared, own]);
}

/** The items of each functional group of one item: Pixel Measures, Plane Position and so on. */
function groupsOf(item: DataSet | undefined, own: DicomAttributes): DicomAttributes[] {
  const groups = [...(item?.values() ?? [])].flatMap(({ items }) => items ?? []);
  return groups.map((group) => attributesOf(group, own.texts('SpecificCharacterSet')));
}

/** The first layer that has an attribute answers. */
function layered(layers: readonly DicomAttributes[]): DicomAttributes {
  const first = <T>(ask: (layer: DicomAttributes) => readonly T[]): readonly T[] => {
    for (const layer of layers) {
      const found = ask(layer);
      if (found.length > 0) return found;
    }
    return [];
  };
  return Object.freeze({
    text: (keyword: string) => first((l) => l.texts(keyword))[0],
    texts: (keyword: string) => first((l) => l.texts(keyword)),
    number: (keyword: string) => first((l) => l.numbers(keyword))[0],
    numbers: (keyword: string) => first((l) => l.numbers(keyword)),
    items: (keyword: string) => first((l) => l.items(keyword)),
  });
}

/** A data set's attributes; items without a character set of their own have that of what holds them. */
function attributesOf(dataSet: DataSet, inherited: readonly string[] = []): DicomAttributes {
  const set = dataSet.get(tagOf('SpecificCharacterSet'));
  const characterSets = set === undefined ? inherited : textsOf(set, []);
  const texts = (keyword: string): string[] => {
    const element = dataSet.get(tagOf(keyword));
    return element === undefined ? [] : textsOf(element, characterSets);
  };
  const numbers = (keyword: string): number[] => {
    const element = dataSet.get(tagOf(keyword));
    return element === undefined ? [] : numbersOf(element);
  };
  return Object.freeze({
    texts,
    numbers,
    text: (keyword: string) => texts(keyword)[0],
    number: (keyword: string) => numbers(keyword)[0],
    items: (keyword: string) =>
      (dataSet.get(tagOf(keyword))?.items ?? []).map((item) => attributesOf(item, characterSets)),
  });
}

function pixelBytesOf(dataSet: DataSet, own: DicomAttributes): PixelBytes {
  const element = dataSet.get(tagOf('PixelData'));
  const extended = own.numbers('ExtendedOffsetTable');
  if (element?.fragments === undefined)
    return {
      parts: element === undefined ? [] : [element.value],
      wordBytes: element?.vr === 'OB' ? 1 : 2,
      partOffsets: [],
      frameOffsets: [],
    };
  const [table, ...fragments] = element.fragments;
  return {
    parts: fragments.map(({ bytes }) => bytes),
    wordBytes: 1,
    partOffsets: fragments.map(({ offset }) => offset),
    frameOffsets: extended.length > 0 ? extended : basicOffsets(table?.bytes),
  };
}

/** The Basic Offset Table: a 32-bit offset a frame (PS3.5 A.4). */
function basicOffsets(table: Uint8Array = new Uint8Array(0)): number[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: Math.floor(table.length / 4) }, (_, i) => view.getUint32(i * 4, true));
}

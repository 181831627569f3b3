import dcmjs, { type DcmjsDataset, type DcmjsElement } from 'dcmjs';
import { type ParsedFile, parseFile } from './parse.ts';
import { EXPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

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
  /** As they lie in the file: one part where they are not compressed, else one or more a frame. */
  readonly pixelParts: readonly Uint8Array[];
  /** 1 where Number of Frames is missing. */
  readonly frames: number;
  /** What holds for a frame: its functional groups, the shared ones, then the object itself (PS3.3 C.7.6.16). */
  frame(index: number): DicomAttributes;
}

/** Reads one file. Throws RefusedInput `dicom-unreadable`. Names and identifiers are `readIdentity`'s alone. */
export function readDicomObject(bytes: Uint8Array, { where }: { readonly where: string }): DicomObject {
  const { meta, dataset }: ParsedFile = parseFile(bytes, where);
  const own = attributesOf(dataset);
  const pixelParts = partsOf(dataset['7FE00010']);
  const shared = groupsOf(own.items('SharedFunctionalGroupsSequence')[0], dataset['52009229']);
  const perFrame = own.items('PerFrameFunctionalGroupsSequence');
  const frameItems = dataset['52009230'];
  return Object.freeze({
    ...own,
    where,
    transferSyntaxUid: attributesOf(meta).text('TransferSyntaxUID') ?? EXPLICIT_LITTLE_ENDIAN,
    hasPixelData: pixelParts.some((part) => part.length > 0),
    pixelParts,
    frames: own.number('NumberOfFrames') ?? 1,
    frame: (index: number) => {
      if (perFrame.length === 0 && shared.length === 0) return own;
      return layered([...groupsOf(perFrame[index], frameItems, index), ...shared, own]);
    },
  });
}

/** The items of each functional group of one item: Pixel Measures, Plane Position and so on. */
function groupsOf(
  item: DicomAttributes | undefined,
  sequence: DcmjsElement | undefined,
  index = 0,
): DicomAttributes[] {
  const dataset = sequence?.Value?.[index];
  if (item === undefined || !isDataset(dataset)) return [];
  const groups = Object.values(dataset).flatMap(({ vr, Value }) => (vr === 'SQ' ? (Value ?? []) : []));
  return groups.filter(isDataset).map(attributesOf);
}

/** The first layer that has an attribute answers. */
function layered(layers: readonly DicomAttributes[]): DicomAttributes {
  const first = <T>(ask: (layer: DicomAttributes) => readonly T[]): readonly T[] =>
    layers.map(ask).find((found) => found.length > 0) ?? [];
  return Object.freeze({
    text: (keyword: string) => first((l) => l.texts(keyword))[0],
    texts: (keyword: string) => first((l) => l.texts(keyword)),
    number: (keyword: string) => first((l) => l.numbers(keyword))[0],
    numbers: (keyword: string) => first((l) => l.numbers(keyword)),
    items: (keyword: string) => first((l) => l.items(keyword)),
  });
}

const isDataset = (value: unknown): value is DcmjsDataset =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ArrayBuffer);

export function attributesOf(dataset: DcmjsDataset): DicomAttributes {
  const values = (keyword: string): readonly unknown[] => {
    const element = dataset[tagOf(keyword)];
    return Array.isArray(element?.Value) ? element.Value : [];
  };
  const texts = (keyword: string): string[] => values(keyword).flatMap(textOf);
  const numbers = (keyword: string): number[] =>
    values(keyword).flatMap((value) => {
      const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
      return (typeof value === 'number' || typeof value === 'string') && Number.isFinite(number)
        ? [number]
        : [];
    });
  return Object.freeze({
    texts,
    numbers,
    text: (keyword: string) => texts(keyword)[0],
    number: (keyword: string) => numbers(keyword)[0],
    items: (keyword: string) => values(keyword).filter(isDataset).map(attributesOf),
  });
}

/** Trimmed, padding away; nothing for what is empty or no text. */
function textOf(value: unknown): string[] {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const text = String(value).replace(/\0/g, '').trim();
  return text === '' ? [] : [text];
}

/** `Rows` to `00280010`. Throws RangeError for a keyword that no dictionary knows: a mistake of ours. */
export function tagOf(keyword: string): string {
  const tag = dcmjs.data.DicomMetaDictionary.nameMap[keyword]?.tag;
  if (tag === undefined) throw new RangeError(`no DICOM attribute ${keyword}`);
  return tag.replace(/[(),]/g, '');
}

/** Pixel Data as it was read: buffers. */
function partsOf(element: DcmjsElement | undefined): readonly Uint8Array[] {
  return (element?.Value ?? []).flatMap((value) => {
    if (value instanceof ArrayBuffer) return [new Uint8Array(value)];
    return ArrayBuffer.isView(value)
      ? [new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]
      : [];
  });
}

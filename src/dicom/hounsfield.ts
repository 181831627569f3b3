import { at, RefusedInput } from '../base/index.ts';
import type { DicomAttributes, DicomObject } from './dicom-object.ts';
import { giveBackMemory } from './lent-memory.ts';
import type { PixelModule } from './pixel-module.ts';
import {
  decodeWords,
  type FrameToDecode,
  type FrameWords,
  frameToDecode,
  storedValueReader,
} from './stored-values.ts';

/** What lies outside of the scanner's circle becomes this: air. */
export const PADDING_HU = -1000;

const LOWEST_HU = -32768;
const HIGHEST_HU = 32767;

/** What the rescaled values of spectral CT are where they are no HU (PS3.3 C.11.1.1.2). */
const NOT_HU: Readonly<Record<string, string>> = {
  OD: 'optical density',
  MGML: 'mg/ml',
  Z_EFF: 'effective atomic numbers',
  ED: 'electron density',
  EDW: 'electron density against water',
  PCT: 'per cent',
};

/** What a frame's stored values become HU by. */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
  /** Pixel Padding Value and its Range Limit, as the object says them. */
  readonly padding?: readonly [value: number, limit: number];
}

/** A frame and its rescale: plain data, so that another thread may decode it. */
export interface HuFrame {
  readonly frame: FrameToDecode;
  readonly rescale: Rescale;
}

/**
 * What a frame's HU are decoded from; MONOCHROME1 changes nothing: it says how to show values after the rescale, not
 * what they mean (PS3.3 C.7.6.3.1.2). Throws as frameToDecode does, and RefusedInput `attribute-missing`,
 * `rescale-absurd` or `not-hu`.
 */
export function huFrame(object: DicomObject, index: number): HuFrame {
  const attributes = object.frame(index);
  refuseOtherUnits(object, attributes);
  const frame = frameToDecode(object, index);
  const slope = rescaleOf(object, attributes, 'RescaleSlope', '0028,1053');
  const intercept = rescaleOf(object, attributes, 'RescaleIntercept', '0028,1052');
  if (slope === 0) throw new RefusedInput('rescale-absurd', `${object.where}: RescaleSlope (0028,1053) is 0`);
  const value = attributes.number('PixelPaddingValue');
  const limit = attributes.number('PixelPaddingRangeLimit') ?? value;
  const padding = value === undefined || limit === undefined ? {} : { padding: [value, limit] as const };
  return { frame, rescale: { slope, intercept, ...padding } };
}

/**
 * Decodes a frame's HU, rows x columns, into the place given: the rescale (PS3.3 C.11.1), padding to PADDING_HU, rounded
 * and clamped to int16. Throws as decodeWords does.
 */
export async function decodeHu({ frame, rescale }: HuFrame, into: Int16Array): Promise<void> {
  const { words, pixels } = await decodeWords(frame);
  const padding = paddingOf(rescale, pixels);
  const isAnywhere = padding !== undefined && !padding.isTissue ? padding.isMarked : () => false;
  if (pixels.bitsAllocated === 32) into.set(Int16Array.from(words, huReader(pixels, rescale, isAnywhere)));
  else look(words, huTable(pixels, rescale, isAnywhere), into);
  if (padding?.isTissue) padOuterRuns(words, padding.isMarked, pixels, into);
  giveBackMemory(words.buffer);
}

/** As decodeHu, of an object's frame counted from 0, into memory of its own. */
export async function frameHu(object: DicomObject, index: number): Promise<Int16Array> {
  const frame = huFrame(object, index);
  const { rows, columns } = frame.frame.pixels;
  const hu = new Int16Array(rows * columns);
  await decodeHu(frame, hu);
  return hu;
}

type WordTest = (word: number) => boolean;

function huReader(pixels: PixelModule, { slope, intercept }: Rescale, isPadding: WordTest) {
  const storedValueOf = storedValueReader(pixels);
  return (word: number): number => {
    const rescaled = Math.round(storedValueOf(word) * slope + intercept);
    return isPadding(word) ? PADDING_HU : Math.min(HIGHEST_HU, Math.max(LOWEST_HU, rescaled));
  };
}

/** The HU of each word that can be: slices of a series share one table, so that a pixel takes one look into it. */
function huTable(pixels: PixelModule, rescale: Rescale, isPadding: WordTest): Int16Array {
  const { bitsAllocated, bitsStored, highBit, signed } = pixels;
  const key = JSON.stringify([bitsAllocated, bitsStored, highBit, signed, rescale]);
  if (lastTable?.key === key) return lastTable.table;
  const hu = huReader(pixels, rescale, isPadding);
  const table = Int16Array.from({ length: 2 ** bitsAllocated }, (_, word) => hu(word));
  lastTable = { key, table };
  return table;
}
let lastTable: { readonly key: string; readonly table: Int16Array } | undefined;

function look(words: FrameWords['words'], table: Int16Array, into: Int16Array): void {
  for (let i = 0; i < words.length; i++) into[i] = table[words[i] ?? 0] ?? 0;
}

/** Where tissue lies: a padding value among these is found inside the head too. */
const TISSUE_HU = { from: -200, to: 2000 } as const;

interface Padding {
  readonly isMarked: WordTest;
  /**
   * It equals a tissue's value: it pads from a row's ends inwards only, as what lies outside of the scanner's circle
   * does. The same value inside the head is tissue.
   */
  readonly isTissue: boolean;
}

/** Which words are padding (PS3.3 C.7.5.1.1.2); undefined where nothing is said. */
function paddingOf({ slope, intercept, padding }: Rescale, pixels: PixelModule): Padding | undefined {
  if (padding === undefined) return undefined;
  const [one, other] = [asStored(padding[0], pixels), asStored(padding[1], pixels)];
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  const isStored = isStorable(from, pixels) && isStorable(to, pixels);
  const markOf = isStored ? storedValueReader(pixels) : wholeWordReader(pixels);
  const isMarked = (word: number) => markOf(word) >= from && markOf(word) <= to;
  const reach = [from * slope + intercept, to * slope + intercept];
  const isTissue = isStored && Math.max(...reach) > TISSUE_HU.from && Math.min(...reach) < TISSUE_HU.to;
  return { isMarked, isTissue };
}

/** A word with all its bits as one number. */
const wholeWordReader = (pixels: PixelModule) =>
  storedValueReader({ ...pixels, bitsStored: pixels.bitsAllocated, highBit: pixels.bitsAllocated - 1 });

/** Pads marked words from both ends of each row up to the first that is not. */
function padOuterRuns(
  words: FrameWords['words'],
  isMarked: WordTest,
  { rows, columns }: PixelModule,
  hu: Int16Array,
): void {
  const isPadding = (i: number) => isMarked(at(words, i));
  for (let row = 0; row < rows; row++) {
    const [first, last] = [row * columns, (row + 1) * columns - 1];
    for (let i = first; i <= last && isPadding(i); i++) hu[i] = PADDING_HU;
    for (let i = last; i >= first && isPadding(i); i--) hu[i] = PADDING_HU;
  }
}

function refuseOtherUnits({ where }: DicomObject, attributes: DicomAttributes): void {
  const type = attributes.text('RescaleType')?.trim() ?? '';
  if (!Object.hasOwn(NOT_HU, type)) return;
  const text = `${where}: RescaleType (0028,1054) is ${type}: its values are ${NOT_HU[type]}, Hounsfield units were expected`;
  throw new RefusedInput('not-hu', text);
}

/** Type 1 in CT (PS3.3 C.8.2.1): without it nobody knows what the values mean, so nothing is assumed. */
function rescaleOf(object: DicomObject, attributes: DicomAttributes, keyword: string, tag: string): number {
  const value = attributes.number(keyword);
  if (value !== undefined) return value;
  const found = attributes.text(keyword);
  const fault = found === undefined ? 'is missing' : `is "${found}", which is not a number`;
  const text = `${object.where}: ${keyword} (${tag}) ${fault}; its values cannot become Hounsfield units`;
  throw new RefusedInput('attribute-missing', text);
}

/** Whether the stored bits hold a value; padding that they do not hold fills the whole word. */
function isStorable(value: number, { signed, bitsStored }: PixelModule): boolean {
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  return value >= lowest && value < lowest + 2 ** bitsStored;
}

/**
 * Implicit files and careless writers hold a negative padding as an unsigned number of 16 or of the stored bits; others a
 * negative one beside unsigned pixels, whose words hold its 16 bits.
 */
function asStored(value: number, { signed, bitsStored }: PixelModule): number {
  if (!signed) return value < 0 ? value + 2 ** 16 : value;
  if (value < 2 ** (bitsStored - 1)) return value;
  return value - 2 ** (value < 2 ** bitsStored ? bitsStored : 16);
}

import { RefusedInput } from '../base/index.ts';
import type { DicomAttributes, DicomObject } from './dicom-object.ts';
import type { PixelModule } from './pixel-module.ts';
import { decodeFrame, type StoredValues } from './stored-values.ts';

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

/**
 * A frame in Hounsfield units: this frame's rescale (PS3.3 C.11.1), padding to PADDING_HU, rounded and clamped to
 * int16. MONOCHROME1 changes nothing: it says how to show values after the rescale, not what they mean (PS3.3
 * C.7.6.3.1.2). Throws as decodeFrame does, and RefusedInput `attribute-missing`, `rescale-absurd` or `not-hu`.
 */
export async function frameHu(object: DicomObject, frame: number): Promise<Int16Array> {
  const attributes = object.frame(frame);
  refuseOtherUnits(object, attributes);
  const { values, words, pixels } = await decodeFrame(object, frame);
  const slope = rescaleOf(object, attributes, 'RescaleSlope', '0028,1053');
  const intercept = rescaleOf(object, attributes, 'RescaleIntercept', '0028,1052');
  if (slope === 0) throw new RefusedInput('rescale-absurd', `${object.where}: RescaleSlope (0028,1053) is 0`);
  const padded = paddedPixels(attributes, pixels, { values, words }, slope, intercept);
  const hu = new Int16Array(values.length);
  for (let i = 0; i < hu.length; i++) {
    const rescaled = Math.round((values[i] as number) * slope + intercept);
    hu[i] = padded(i) ? PADDING_HU : Math.min(HIGHEST_HU, Math.max(LOWEST_HU, rescaled));
  }
  return hu;
}

/** Where tissue lies: a padding value among these is found inside the head too. */
const TISSUE_HU = { from: -200, to: 2000 } as const;

/**
 * Which pixels are padding. A padding value that equals a tissue's pads from a row's ends inwards only, as what lies
 * outside of the scanner's circle does: the same value inside the head is tissue.
 */
function paddedPixels(
  attributes: DicomAttributes,
  pixels: PixelModule,
  { values, words }: Pick<StoredValues, 'values' | 'words'>,
  slope: number,
  intercept: number,
): (index: number) => boolean {
  const [from, to] = paddingOf(attributes, pixels);
  if (from > to) return () => false;
  const isStored = isStorable(from, pixels) && isStorable(to, pixels);
  const marks = isStored ? values : words;
  const isMarked = (i: number) => (marks[i] as number) >= from && (marks[i] as number) <= to;
  const reach = [from * slope + intercept, to * slope + intercept];
  const isTissue = isStored && Math.max(...reach) > TISSUE_HU.from && Math.min(...reach) < TISSUE_HU.to;
  if (!isTissue) return isMarked;
  const outside = outerRuns(isMarked, pixels);
  return (i) => outside[i] === 1;
}

/** 1 for marked pixels from both ends of each row up to the first that is not. */
function outerRuns(isMarked: (index: number) => boolean, { rows, columns }: PixelModule): Uint8Array {
  const outside = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const [first, last] = [row * columns, (row + 1) * columns - 1];
    for (let i = first; i <= last && isMarked(i); i++) outside[i] = 1;
    for (let i = last; i >= first && isMarked(i); i--) outside[i] = 1;
  }
  return outside;
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
  const fault = found === undefined ? 'is missing' : `is "${found}", which is no number`;
  const text = `${object.where}: ${keyword} (${tag}) ${fault}; its values cannot become Hounsfield units`;
  throw new RefusedInput('attribute-missing', text);
}

/** Stored values from and to which pixels are padding (PS3.3 C.7.5.1.1.2); an empty range where nothing is said. */
function paddingOf(attributes: DicomAttributes, pixels: PixelModule): readonly [number, number] {
  const value = attributes.number('PixelPaddingValue');
  if (value === undefined) return [1, 0];
  const from = asStored(value, pixels);
  const limit = attributes.number('PixelPaddingRangeLimit');
  const to = limit === undefined ? from : asStored(limit, pixels);
  return [Math.min(from, to), Math.max(from, to)];
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

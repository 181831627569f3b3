import type { DicomAttributes, DicomObject } from './dicom-object.ts';
import { decodeFrame } from './stored-values.ts';

/** What lies outside of the scanner's circle becomes this: darker than air, and never tissue. */
export const PADDING_HU = -2048;

/**
 * A frame in Hounsfield units: rescale of this frame (PS3.3 C.11.1), MONOCHROME1 turned round, padding to PADDING_HU,
 * clamped to int16. Throws as decodeFrame does.
 */
export async function frameHu(object: DicomObject, frame: number): Promise<Int16Array> {
  const { values, pixels } = await decodeFrame(object, frame);
  const attributes = object.frame(frame);
  const slope = attributes.number('RescaleSlope') ?? 1;
  const intercept = attributes.number('RescaleIntercept') ?? 0;
  const isPadding = paddingOf(attributes, pixels.signed, pixels.bitsStored);
  const turned = pixels.photometricInterpretation === 'MONOCHROME1';
  const extremes = (pixels.signed ? -1 : 2 ** pixels.bitsStored - 1) as number;
  const hu = new Int16Array(values.length);
  for (let i = 0; i < hu.length; i++) {
    const value = values[i] as number;
    const shown = turned ? extremes - value : value;
    hu[i] = isPadding(value)
      ? PADDING_HU
      : Math.min(32767, Math.max(-32768, Math.round(shown * slope + intercept)));
  }
  return hu;
}

/** Pixel Padding Value, or the range from it to its limit (PS3.3 C.7.5.1.1.2), read with the pixels' own sign. */
function paddingOf(
  attributes: DicomAttributes,
  signed: boolean,
  bitsStored: number,
): (value: number) => boolean {
  const read = (keyword: string): number | undefined => {
    const value = attributes.number(keyword);
    if (value === undefined) return undefined;
    // Writers often store it as US though the pixels are signed
    return signed && value >= 2 ** (bitsStored - 1)
      ? value - 2 ** (value > 2 ** bitsStored ? 16 : bitsStored)
      : value;
  };
  const value = read('PixelPaddingValue');
  if (value === undefined) return () => false;
  const limit = read('PixelPaddingRangeLimit') ?? value;
  const [low, high] = [Math.min(value, limit), Math.max(value, limit)];
  return (stored) => stored >= low && stored <= high;
}

import { RefusedInput } from '../base/index.ts';
import type { DicomObject } from './dicom-object.ts';

/** How pixels are stored (PS3.3 C.7.6.3). */
export interface PixelModule {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 8 | 16 | 32;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly photometricInterpretation: string;
}

/** No CT matrix is larger; what says so is damaged or hostile. */
const MOST_PIXELS_A_SIDE = 8192;
const MOST_FRAMES = 10_000;

/** Throws RefusedInput naming the attribute that is missing or absurd, before any memory is spent. */
export function pixelModuleOf(object: DicomObject): PixelModule {
  const { where } = object;
  const rows = within(object, 'Rows', '0028,0010', 1, MOST_PIXELS_A_SIDE);
  const columns = within(object, 'Columns', '0028,0011', 1, MOST_PIXELS_A_SIDE);
  const bitsAllocated = within(object, 'BitsAllocated', '0028,0100', 1, 64);
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32)
    throw refused(where, 'BitsAllocated (0028,0100)', bitsAllocated, '8, 16 or 32');
  const bitsStored = object.number('BitsStored') ?? bitsAllocated;
  const highBit = object.number('HighBit') ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated)
    throw refused(
      where,
      'BitsStored and HighBit (0028,0101 and 0028,0102)',
      `${bitsStored} and ${highBit}`,
      `at most ${bitsAllocated} bits allocated`,
    );
  const samples = object.number('SamplesPerPixel') ?? 1;
  if (samples !== 1) throw refused(where, 'SamplesPerPixel (0028,0002)', samples, '1: a CT slice is grey');
  const photometricInterpretation = object.text('PhotometricInterpretation') ?? 'MONOCHROME2';
  if (photometricInterpretation === 'PALETTE COLOR')
    throw refused(where, 'PhotometricInterpretation (0028,0004)', photometricInterpretation, 'grey values');
  if (object.frames < 1 || object.frames > MOST_FRAMES)
    throw refused(where, 'NumberOfFrames (0028,0008)', object.frames, `1 to ${MOST_FRAMES}`);
  return {
    rows,
    columns,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: object.number('PixelRepresentation') === 1,
    photometricInterpretation,
  };
}

function within(object: DicomObject, keyword: string, tag: string, low: number, high: number): number {
  const value = object.number(keyword);
  if (value === undefined)
    throw new RefusedInput(
      'attribute-missing',
      `${object.where}: ${keyword} (${tag}) is missing; its pixels cannot be read`,
    );
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw refused(object.where, `${keyword} (${tag})`, value, `a whole number, ${low} to ${high}`);
}

const refused = (where: string, what: string, found: number | string, expected: string): RefusedInput =>
  new RefusedInput('pixel-description', `${where}: ${what} is ${found}, expected ${expected}`);

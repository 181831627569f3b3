import { type WritableAttributes, writeDicomObject } from '../dicom/index.ts';
import { sliceEdges } from '../volume/index.ts';
import { CODES, codeItem } from './codes.ts';
import {
  commonAttributes,
  type DrawnSlice,
  identityOf,
  imageReference,
  madeOn,
  type ResultInput,
} from './result-input.ts';
import type { ObjectIdentity } from './uids.ts';

export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
/** Longest side of a slice in them, px: as most CT slices are, so that they stay small beside their study. */
export const CAPTURE_SIDE_PX = 512;

export interface SecondaryCapture {
  readonly file: string;
  readonly identity: ObjectIdentity;
  readonly slice: number;
  readonly isHeatMap: boolean;
  readonly bytes: Uint8Array;
}

/** The report's key images as RGB Secondary Captures. Throws IchorError where the source cannot be carried on. */
export function secondaryCaptures(input: ResultInput): SecondaryCapture[] {
  return input.keyImages.map((image, i) => {
    const identity = identityOf(input, 'keyImages', SECONDARY_CAPTURE, i + 1);
    const attributes = {
      ...commonAttributes(input, 'keyImages', identity, i + 1),
      ...captureAttributes(input, image),
    };
    const bytes = writeDicomObject({ attributes, pixelData: pixelsOf(image) });
    return { file: `${image.name}.dcm`, identity, slice: image.slice, isHeatMap: image.isHeatMap, bytes };
  });
}

/** PS3.3 A.8.1: SC Equipment, General Image, Image Pixel, SC Image. */
function captureAttributes(input: ResultInput, { slice, isHeatMap, raster }: DrawnSlice): WritableAttributes {
  const { date, time } = madeOn(input);
  const edges = sliceEdges(input.study.volume.geometry);
  const source = {
    ...imageReference(input, slice),
    PurposeOfReferenceCodeSequence: [codeItem(CODES.processedSource)],
  };
  return {
    ConversionType: 'WSD',
    BodyPartExamined: 'HEAD',
    ImageType: ['DERIVED', 'SECONDARY'],
    DateOfSecondaryCapture: date,
    TimeOfSecondaryCapture: time,
    PatientOrientation: edges === undefined ? [] : [edges.right, edges.bottom],
    ImageComments: `Slice ${slice + 1}. Research use only. Not for diagnostic use.`,
    DerivationDescription: isHeatMap
      ? 'Brain window, coloured by an attention map; labels burned in'
      : 'Brain window; labels burned in',
    SourceImageSequence: [source],
    BurnedInAnnotation: 'YES',
    RecognizableVisualFeatures: 'NO',
    LossyImageCompression: '00',
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: raster.rows,
    Columns: raster.columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
  };
}

const pixelsOf = ({ raster: { rgb } }: DrawnSlice): Uint8Array =>
  new Uint8Array(rgb.buffer, rgb.byteOffset, rgb.byteLength);

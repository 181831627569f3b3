import type { StudyFile } from '../../src/base/index.ts';
import { type WritableAttributes, writeDicomObject } from '../../src/dicom/index.ts';

type Attributes = WritableAttributes;

/** 64 x 64 values of 4 mm: small, and wide enough for a head. */
export const SIZE = 64;
const PIXEL_MM = 4;

export interface HeadSeries {
  readonly slices?: number;
  readonly stepMm?: number;
  readonly name?: string;
  readonly seriesUid?: string;
  readonly studyUid?: string;
  /** Replaces or adds attributes of every slice; undefined takes one away. */
  readonly attributes?: Attributes;
  readonly attributesOf?: (slice: number) => Attributes;
  readonly transferSyntaxUid?: string;
  /** As storedSlice takes it. */
  readonly mark?: number;
}

/** HU of a head of concentric tissues, by place in mm from its middle: brain of 33 HU, skull of 900. */
export function headHu(xMm: number, yMm: number, zMm: number): number {
  const radius = Math.hypot(xMm / 70, yMm / 90, zMm / 90);
  if (radius > 1.1) return -1000;
  if (radius > 1.02) return 20;
  return radius > 0.9 ? 900 : 33;
}

/** Stored values of a slice: HU + 1024, unsigned. @param mark HU added in the corner: another mark, another patient */
export function storedSlice(zMm: number, mark = 0): Uint16Array {
  const values = new Uint16Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const [x, y] = [(column - (SIZE - 1) / 2) * PIXEL_MM, (row - (SIZE - 1) / 2) * PIXEL_MM];
      values[row * SIZE + column] = headHu(x, y, zMm) + 1024;
    }
  }
  values[0] = headHu(-128, -128, zMm) + 1024 + mark;
  return values;
}

/** Attributes that every CT slice of the tests has. */
export const CT_SLICE: Attributes = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  Modality: 'CT',
  PatientName: 'Secret^Name',
  PatientID: 'SECRET-ID',
  PatientBirthDate: '19500101',
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  Manufacturer: 'TEST',
  ManufacturerModelName: 'RING',
  SeriesNumber: 2,
  SeriesDescription: 'HEAD 5 mm',
  BodyPartExamined: 'HEAD',
  FrameOfReferenceUID: '1.2.826.0.1.9',
  SliceThickness: 5,
  ConvolutionKernel: 'H31s',
  Rows: SIZE,
  Columns: SIZE,
  PixelSpacing: [PIXEL_MM, PIXEL_MM],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
  RescaleSlope: 1,
  RescaleIntercept: -1024,
};

/** One slice as the bytes of a file. */
export function sliceBytes(slice: number, series: HeadSeries = {}): Uint8Array {
  const { slices = 28, stepMm = 5, studyUid = '1.2.826.0.1.1', seriesUid = '1.2.826.0.1.1.2' } = series;
  const zMm = (slice - (slices - 1) / 2) * stepMm;
  const corner = (-(SIZE - 1) / 2) * PIXEL_MM;
  const attributes = {
    ...CT_SLICE,
    StudyInstanceUID: studyUid,
    SeriesInstanceUID: seriesUid,
    SOPInstanceUID: `${seriesUid}.${slice + 1}`,
    InstanceNumber: slice + 1,
    ImagePositionPatient: [corner, corner, zMm],
    ...series.attributes,
    ...series.attributesOf?.(slice),
  };
  const present = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
  return writeDicomObject({
    attributes: present,
    pixelData: storedSlice(zMm, series.mark),
    ...(series.transferSyntaxUid !== undefined && { transferSyntaxUid: series.transferSyntaxUid }),
  });
}

/** A series of a head as files, inferior first. */
export function headFiles(series: HeadSeries = {}): StudyFile[] {
  const { slices = 28, name = 'IM' } = series;
  return Array.from({ length: slices }, (_, i) =>
    memoryFile(`${name}${String(i + 1).padStart(3, '0')}`, sliceBytes(i, series)),
  );
}

/** A head as one Enhanced CT object, a frame for each of these positions. */
export function enhancedHead(placesMm: readonly number[], attributes: Attributes = {}): StudyFile {
  const {
    ImagePositionPatient: _p,
    ImageOrientationPatient: _o,
    PixelSpacing: _s,
    SliceThickness: _t,
    RescaleSlope: _r,
    RescaleIntercept: _i,
    ...slice
  } = CT_SLICE;
  const shared = {
    PixelMeasuresSequence: [{ PixelSpacing: [PIXEL_MM, PIXEL_MM], SliceThickness: 10 }],
    PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
    PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept: -1024, RescaleType: 'HU' }],
    CTImageFrameTypeSequence: [{ FrameType: ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'] }],
    FrameAnatomySequence: [
      {
        AnatomicRegionSequence: [
          { CodeValue: 'T-D1100', CodingSchemeDesignator: 'SRT', CodeMeaning: 'Head' },
        ],
      },
    ],
  };
  const pixelData = new Uint16Array(placesMm.length * SIZE * SIZE);
  for (const [frame, zMm] of placesMm.entries()) pixelData.set(storedSlice(zMm), frame * SIZE * SIZE);
  const bytes = writeDicomObject({
    attributes: {
      ...slice,
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
      SOPInstanceUID: '1.2.826.0.1.5.1',
      StudyInstanceUID: '1.2.826.0.1.5',
      SeriesInstanceUID: '1.2.826.0.1.5.2',
      NumberOfFrames: placesMm.length,
      SharedFunctionalGroupsSequence: [shared],
      PerFrameFunctionalGroupsSequence: placesMm.map((zMm) => ({
        PlanePositionSequence: [{ ImagePositionPatient: [-126, -126, zMm] }],
      })),
      ...attributes,
    },
    pixelData,
  });
  return memoryFile('enhanced', bytes);
}

export function memoryFile(path: string, bytes: Uint8Array): StudyFile {
  return { path, size: bytes.length, read: async (first = bytes.length) => bytes.subarray(0, first) };
}

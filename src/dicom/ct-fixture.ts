import { readFileMeta } from './parse.ts';
import { type DicomContent, writeDicomObject } from './write.ts';
import type { WritableAttributes } from './write-elements.ts';

/** Fixture of tests: what a CT Image must have (PS3.3 A.3), 16 x 12 pixels. */
export const CT_IMAGE: WritableAttributes = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '1.2.826.0.1.1.2.1',
  StudyInstanceUID: '1.2.826.0.1.1',
  SeriesInstanceUID: '1.2.826.0.1.1.2',
  FrameOfReferenceUID: '1.2.826.0.1.9',
  StudyDate: '20250101',
  StudyTime: '101500',
  StudyID: '1',
  AccessionNumber: '',
  ReferringPhysicianName: '',
  PatientName: 'Secret^Name',
  PatientID: 'SECRET-ID',
  PatientBirthDate: '19500101',
  PatientSex: 'O',
  Modality: 'CT',
  BodyPartExamined: 'HEAD',
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  Manufacturer: 'TEST',
  SeriesNumber: 2,
  InstanceNumber: 1,
  AcquisitionNumber: 1,
  PatientPosition: 'HFS',
  PositionReferenceIndicator: '',
  KVP: 120,
  SliceThickness: 5,
  PixelSpacing: [0.5, 0.25],
  ImagePositionPatient: [-4, -3.5, 12.25],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: 12,
  Columns: 16,
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  RescaleIntercept: -24,
  RescaleSlope: 1,
  RescaleType: 'HU',
};

/** Values from -1000 on, a step of 11 from pixel to pixel. */
export const PIXELS = Int16Array.from({ length: 12 * 16 }, (_, i) => i * 11 - 1000);

export function ctFile(attributes: WritableAttributes = {}, rest: Partial<DicomContent> = {}) {
  return writeDicomObject({ attributes: { ...CT_IMAGE, ...attributes }, pixelData: PIXELS, ...rest });
}

/** What follows a file's meta information, which is what goes over a network. */
export const dataSetOf = (file: Uint8Array): Uint8Array =>
  file.subarray(readFileMeta(file, { where: 'fixture' }).dataSetStart);

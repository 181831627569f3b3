import { at, createRandom } from '../base/index.ts';
import { newUid, writeDicomObject } from '../dicom/index.ts';
import { sliceHu } from '../volume/index.ts';
import type { Phantom } from './phantom.ts';

export interface PhantomFile {
  /** `IM0001`: inferior first. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Of the files of a phantom of any size. */
export const SLICE_NAME = /^IM\d{4,}$/;

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';

/** The phantom as a CT series, a file a slice; names and identifiers are made up from the seed. */
export function phantomDicom(phantom: Phantom): PhantomFile[] {
  const random = createRandom(phantom.seed).fork('uids');
  const common = seriesAttributes(phantom, {
    StudyInstanceUID: newUid(random),
    SeriesInstanceUID: newUid(random),
    FrameOfReferenceUID: newUid(random),
  });
  return Array.from({ length: phantom.volume.slices }, (_, slice) => {
    const [x, y, z] = at(phantom.volume.geometry.imagePositionsPatient, slice);
    const bytes = writeDicomObject({
      attributes: {
        ...common,
        SOPInstanceUID: newUid(random),
        InstanceNumber: slice + 1,
        ImagePositionPatient: [x, y, z].map(decimal),
      },
      pixelData: sliceHu(phantom.volume, slice),
    });
    return { name: `IM${String(slice + 1).padStart(4, '0')}`, bytes };
  });
}

/** A decimal string has at most 16 characters (PS3.5 6.2). */
const decimal = (value: number): string => value.toFixed(6).slice(0, 16);

const shortDecimal = (value: number): string => String(Number(value.toFixed(12)));

function seriesAttributes({ seed, volume, scan }: Phantom, uids: Readonly<Record<string, string>>) {
  const { pixelSpacingMm, rowDirection, columnDirection, gantryTiltDegrees } = volume.geometry;
  return {
    ...uids,
    SOPClassUID: CT_IMAGE_STORAGE,
    ImageType: ['DERIVED', 'PRIMARY', 'AXIAL'],
    Modality: 'CT',
    Manufacturer: 'Ichor',
    ManufacturerModelName: `phantom of ${scan.scanner.manufacturer} ${scan.scanner.model}`.slice(0, 64),
    PatientName: `PHANTOM^${seed}`,
    PatientID: `PHANTOM-${seed}`,
    PatientBirthDate: '',
    PatientSex: 'O',
    StudyDate: '20260101',
    StudyTime: '120000',
    AccessionNumber: '',
    ReferringPhysicianName: '',
    StudyID: String(seed),
    StudyDescription: 'Synthetic head CT',
    SeriesDescription: `HEAD ${scan.sliceThicknessMm} mm phantom`,
    SeriesNumber: 2,
    AcquisitionNumber: 1,
    BodyPartExamined: 'HEAD',
    PatientPosition: 'HFS',
    PositionReferenceIndicator: '',
    KVP: '120',
    ConvolutionKernel: scan.scanner.kernel.name,
    ExposureTime: String(scan.scanner.exposureTimeMs),
    SliceThickness: decimal(scan.sliceThicknessMm),
    SpacingBetweenSlices: decimal(scan.sliceSpacingMm),
    GantryDetectorTilt: shortDecimal(gantryTiltDegrees),
    PixelSpacing: [pixelSpacingMm.row, pixelSpacingMm.column].map(decimal),
    ImageOrientationPatient: [...rowDirection, ...columnDirection].map(shortDecimal),
    Rows: volume.rows,
    Columns: volume.columns,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: '0',
    RescaleSlope: '1',
    RescaleType: 'HU',
  };
}

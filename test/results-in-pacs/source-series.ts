import { at, type StudyFile } from '../../src/base/index.ts';
import { type WritableAttributes, writeDicomObject } from '../../src/dicom/index.ts';
import { type Phantom, phantomDicom } from '../../src/phantom/index.ts';
import { sliceHu, type Vector3 } from '../../src/volume/index.ts';
import { memoryFile } from '../support/dicom-series.ts';

const AIR_HU = -1000;

/** A phantom as a gantry tilted by these degrees would scan it: the slices lean, the table moves along the patient. */
export function tilted(phantom: Phantom, degrees: number): Phantom {
  const { volume, mask } = phantom;
  const { geometry, slices, rows, columns } = volume;
  const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const columnDirection: Vector3 = [0, cosine, sine];
  const normal: Vector3 = [0, -sine, cosine];
  const shiftsMm = Array.from(
    { length: slices },
    (_, i) => ((i - (slices - 1) / 2) * geometry.sliceSpacingMm * sine) / cosine,
  );
  const moved = <T extends Int16Array | Uint8Array>(values: T, outside: number): T => {
    const to = values.slice().fill(outside) as T;
    for (const [slice, shiftMm] of shiftsMm.entries()) {
      const by = Math.round(shiftMm / geometry.pixelSpacingMm.row);
      for (let row = Math.max(0, -by); row < Math.min(rows, rows - by); row++) {
        const from = (slice * rows + row + by) * columns;
        to.set(values.subarray(from, from + columns), (slice * rows + row) * columns);
      }
    }
    return to;
  };
  const imagePositionsPatient = geometry.imagePositionsPatient.map(([x, y, z], i): Vector3 => {
    const along = y + at(shiftsMm, i);
    return [x, along * columnDirection[1] + z * normal[1], along * columnDirection[2] + z * normal[2]];
  });
  return {
    ...phantom,
    mask: moved(mask, 0),
    volume: {
      ...volume,
      hu: moved(volume.hu, AIR_HU),
      geometry: { ...geometry, columnDirection, imagePositionsPatient, gantryTiltDegrees: degrees },
    },
  };
}

/** A phantom of whose upper third every second slice is missing. */
export function uneven(phantom: Phantom): Phantom {
  const { volume } = phantom;
  const kept = Array.from({ length: volume.slices }, (_, i) => i).filter(
    (i) => i < (volume.slices * 2) / 3 || i % 2 === 0,
  );
  const area = volume.rows * volume.columns;
  const hu = new Int16Array(kept.length * area);
  const mask = new Uint8Array(kept.length * area);
  for (const [to, from] of kept.entries()) {
    hu.set(sliceHu(volume, from), to * area);
    mask.set(phantom.mask.subarray(from * area, (from + 1) * area), to * area);
  }
  const imagePositionsPatient = kept.map((i) => at(volume.geometry.imagePositionsPatient, i));
  return {
    ...phantom,
    mask,
    volume: { ...volume, hu, slices: kept.length, geometry: { ...volume.geometry, imagePositionsPatient } },
  };
}

/** A file per slice. */
export const classicFiles = (phantom: Phantom): StudyFile[] =>
  phantomDicom(phantom).map(({ name, bytes }) => memoryFile(name, bytes));

/** One Enhanced CT object that holds every slice as a frame. */
export function enhancedFile(phantom: Phantom): StudyFile[] {
  const { geometry, slices, rows, columns, hu } = phantom.volume;
  const { pixelSpacingMm, rowDirection, columnDirection } = geometry;
  const uid = (part: string) => `1.2.826.0.1.3680043.10.1.${phantom.seed}.${part}`;
  const attributes: WritableAttributes = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
    SOPInstanceUID: uid('3'),
    StudyInstanceUID: uid('1'),
    SeriesInstanceUID: uid('2'),
    FrameOfReferenceUID: uid('4'),
    StudyDate: '20260101',
    StudyTime: '120000',
    StudyID: '1',
    AccessionNumber: '',
    ReferringPhysicianName: '',
    PatientName: `PHANTOM^${phantom.seed}`,
    PatientID: `PHANTOM-${phantom.seed}`,
    PatientBirthDate: '',
    PatientSex: 'O',
    ImageType: ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'],
    Modality: 'CT',
    Manufacturer: 'Ichor',
    SeriesNumber: 2,
    SeriesDescription: 'HEAD 5 mm, multi-frame phantom',
    InstanceNumber: 1,
    BodyPartExamined: 'HEAD',
    PatientPosition: 'HFS',
    Rows: rows,
    Columns: columns,
    NumberOfFrames: slices,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [
          { PixelSpacing: [pixelSpacingMm.row, pixelSpacingMm.column].map(decimal), SliceThickness: 5 },
        ],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [...rowDirection, ...columnDirection] }],
        PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept: 0, RescaleType: 'HU' }],
        CTImageFrameTypeSequence: [{ FrameType: ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: geometry.imagePositionsPatient.map((position) => ({
      PlanePositionSequence: [{ ImagePositionPatient: position.map(decimal) }],
    })),
  };
  return [memoryFile('ENHANCED', writeDicomObject({ attributes, pixelData: hu }))];
}

/** A decimal string has at most 16 characters (PS3.5 6.2). */
const decimal = (value: number): string => value.toFixed(6);

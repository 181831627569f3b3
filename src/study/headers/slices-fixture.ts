import type { StudyFile } from '../../base/index.ts';
import type { Series } from './series.ts';
import type { PlacedSlice } from './slice-header.ts';

/** For tests: a file that nobody reads. */
export function unreadFile(path: string): StudyFile {
  return { path, size: 0, read: () => Promise.reject(new Error(`${path} is not to be read`)) };
}

/** For tests: an axial head slice at a place, mm; whatever else is asked for. */
export function sliceAt(zMm: number, more: Partial<PlacedSlice> = {}): PlacedSlice {
  return {
    file: unreadFile(`IM${zMm}`),
    frame: 0,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    sopInstanceUid: `1.2.3.${zMm}`,
    studyInstanceUid: '1.2',
    seriesInstanceUid: '1.2.3',
    frameOfReferenceUid: '1.2.4',
    modality: 'CT',
    imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    rows: 512,
    columns: 512,
    pixelSpacingMm: { row: 0.45, column: 0.45 },
    imagePositionPatient: [-115, -115, zMm],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    sliceThicknessMm: 5,
    acquired: '',
    seriesDescription: 'HEAD 5 mm',
    studyDescription: '',
    protocolName: '',
    bodyPart: 'HEAD',
    contrastAgent: '',
    kernel: 'H31s',
    rescaleType: '',
    scanner: '',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    hasPixels: true,
    ...more,
  };
}

/** For tests: slices at these places. */
export function slicesAt(placesMm: readonly number[], more: Partial<PlacedSlice> = {}): PlacedSlice[] {
  return placesMm.map((zMm) => sliceAt(zMm, more));
}

/** For tests: 28 slices, 5 mm apart, from 0 to 135 mm. */
export const HEAD_PLACES_MM: readonly number[] = Array.from({ length: 28 }, (_, i) => 5 * i);

/** For tests: a series of slices. */
export function seriesOfSlices(slices: readonly PlacedSlice[], uid = '1.2.3'): Series {
  return { uid, slices: slices.map((slice) => ({ ...slice, seriesInstanceUid: uid })), localizers: [] };
}

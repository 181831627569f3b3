import type { StudyFile } from '../../base/index.ts';
import type { Vector3 } from '../../volume/index.ts';

/** What is known of a slice before its pixels are decoded: one DICOM instance, or one frame of a multi-frame one. */
export interface SliceHeader {
  readonly file: StudyFile;
  /** From 0; always 0 in a single-frame object. */
  readonly frame: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid?: string;
  readonly modality: string;
  readonly imageType: readonly string[];
  readonly rows: number;
  readonly columns: number;
  readonly pixelSpacingMm?: { readonly row: number; readonly column: number };
  readonly imagePositionPatient?: Vector3;
  readonly rowDirection?: Vector3;
  readonly columnDirection?: Vector3;
  readonly sliceThicknessMm?: number;
  readonly gantryTiltDegrees?: number;
  readonly instanceNumber?: number;
  /** Date and time as DICOM writes them: later ones sort later. */
  readonly acquired: string;
  readonly seriesNumber?: number;
  readonly seriesDescription: string;
  readonly studyDescription: string;
  readonly protocolName: string;
  readonly bodyPart: string;
  readonly contrastAgent: string;
  readonly kernel: string;
  /** Empty where the tag is missing, as it often is. */
  readonly rescaleType: string;
  readonly scanner: string;
  readonly transferSyntaxUid: string;
  readonly hasPixels: boolean;
}

/** A slice whose place in the patient is known. */
export type PlacedSlice = SliceHeader &
  Required<Pick<SliceHeader, 'pixelSpacingMm' | 'imagePositionPatient' | 'rowDirection' | 'columnDirection'>>;

export function isPlaced(slice: SliceHeader): slice is PlacedSlice {
  return (
    slice.pixelSpacingMm !== undefined &&
    slice.imagePositionPatient !== undefined &&
    slice.rowDirection !== undefined &&
    slice.columnDirection !== undefined
  );
}

/** The paths of slices' files, each once. */
export function pathsOf(slices: readonly SliceHeader[]): string[] {
  return [...new Set(slices.map((slice) => slice.file.path))];
}

/** The same where they are few; a whole series is named by its number and UID instead. */
export function fewPaths(slices: readonly SliceHeader[]): string[] {
  const paths = pathsOf(slices);
  return paths.length <= 8 ? paths : [];
}

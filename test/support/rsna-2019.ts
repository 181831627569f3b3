import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeDicomObject } from '../../src/dicom/index.ts';
import { SIZE, storedSlice } from './dicom-series.ts';

/** The six words of a label row, in the order of the published file. */
export const RSNA_WORDS = [
  'epidural',
  'intraparenchymal',
  'intraventricular',
  'subarachnoid',
  'subdural',
  'any',
] as const;

export interface RsnaStudy {
  readonly study: string;
  readonly patient: string;
  readonly slices?: number;
  /** Words that are 1 on a slice, counted from 0 at the most inferior. */
  readonly positive?: (slice: number) => readonly string[];
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The image identifier of a slice: no order can be read off it. */
export const rsnaImage = (study: string, slice: number): string =>
  `ID_${((Number.parseInt(study.slice(3, 8), 16) * 131 + slice * 7919) % 0xfffff).toString(16).padStart(9, '0')}`;

/** Rows of the label file for one image. */
export const rsnaRows = (image: string, positive: readonly string[]): string[] =>
  RSNA_WORDS.map((word) => `${image}_${word},${Number(positive.includes(word))}`);

/**
 * Writes RSNA 2019 as it is published: `stage_2_train.csv` and a flat folder, with the attributes that its files
 * have and no others (no SOP class, no Instance Number, no Slice Thickness, identifiers that are no UIDs).
 */
export async function writeRsna(
  folder: string,
  studies: readonly RsnaStudy[],
  furtherRows: readonly string[] = [],
): Promise<void> {
  await mkdir(path.join(folder, 'stage_2_train'), { recursive: true });
  const rows: string[] = [];
  for (const study of studies) {
    const { slices = 12 } = study;
    for (let slice = 0; slice < slices; slice++) {
      const image = rsnaImage(study.study, slice);
      const bytes = rsnaBytes(study, image, slice, slices);
      await writeFile(path.join(folder, 'stage_2_train', `${image}.dcm`), bytes);
      rows.push(...rsnaRows(image, study.positive?.(slice) ?? []));
    }
  }
  const csv = ['ID,Label', ...rows, ...furtherRows].join('\n');
  await writeFile(path.join(folder, 'stage_2_train.csv'), `${csv}\n`);
}

export function rsnaBytes(study: RsnaStudy, image: string, slice: number, slices: number): Uint8Array {
  const zMm = (slice - (slices - 1) / 2) * 12;
  return writeDicomObject({
    attributes: {
      SOPInstanceUID: image,
      Modality: 'CT',
      PatientID: study.patient,
      StudyInstanceUID: study.study,
      SeriesInstanceUID: study.study.replace('ID_', 'ID_5'),
      StudyID: '',
      ImagePositionPatient: ['-126.0', '-126.0', zMm.toFixed(6)],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: SIZE,
      Columns: SIZE,
      PixelSpacing: [4, 4],
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      WindowCenter: ['00036', '00036'],
      WindowWidth: ['00080', '00080'],
      RescaleIntercept: '-1024',
      RescaleSlope: '1',
      ...study.attributes,
    },
    pixelData: storedSlice(zMm, Number.parseInt(study.study.slice(3, 8), 16) % 100),
  });
}

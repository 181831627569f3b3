import type { FileContent } from '../../files/index.ts';
import { predictionJson } from '../../prediction/index.ts';
import type { RefusedObject } from '../../results/index.ts';
import type { PredictedStudy } from '../open-model.ts';

export interface StudyFilesOptions {
  /** PNG pictures of the most suspicious slices too. */
  readonly keyImages?: boolean;
  /** DICOM objects for an archive too. */
  readonly dicom?: boolean;
  /** When the DICOM objects are made; now unless given. */
  readonly madeAt?: Date;
}

/** What one predicted study's folder holds. */
export interface StudyFiles {
  /** By name in the folder: `prediction.json`, `report.html`, `key-images/*`, `dicom/*`. */
  readonly contents: Readonly<Record<string, FileContent>>;
  /** DICOM objects that the source does not allow. */
  readonly refusedObjects: readonly RefusedObject[];
}

export async function studyFiles(
  predicted: PredictedStudy,
  { keyImages = false, dicom = false, madeAt = new Date() }: StudyFilesOptions = {},
): Promise<StudyFiles> {
  const objects = dicom ? predicted.dicomObjects(madeAt) : undefined;
  const contents = {
    'report.html': await predicted.reportPage(),
    'prediction.json': predictionJson(predicted.prediction),
    ...inFolder('key-images', keyImages ? predicted.keyImages() : {}),
    ...inFolder('dicom', objects?.files ?? {}),
  };
  return { contents, refusedObjects: objects?.refused ?? [] };
}

const inFolder = (folder: string, files: Readonly<Record<string, Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

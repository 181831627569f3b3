import type { FileContent } from '../../files/index.ts';
import { heatMapsJson, predictionJson } from '../../prediction/index.ts';
import type { RefusedObject } from '../../results/index.ts';
import type { OpenModel, PredictedStudy } from '../open-model.ts';
import type { RefusedOutcome } from '../outcomes/outcome.ts';

export interface StudyFilesOptions {
  /** PNG pictures of the most suspicious slices too. */
  readonly keyImages?: boolean;
  /** The maps' numbers too, for whoever draws them. */
  readonly heatMaps?: boolean;
  /** DICOM objects for an archive too. */
  readonly dicom?: boolean;
  /** The heat maps as Parametric Maps among them. */
  readonly parametricMap?: boolean;
  /** When the DICOM objects are made; with the prediction, or now for a refusal, unless given. */
  readonly madeAt?: Date;
  /** report.dcm of an earlier run of the same study. */
  readonly earlierReport?: Uint8Array | undefined;
  /** Why the result lies outside of what was checked, for the DICOM report. */
  readonly outside?: readonly string[];
}

/** Where others look for them in a study's folder, where the source allows them. */
export const RESULT_FILES = { report: 'dicom/report.dcm', fhir: 'dicom/fhir.json' } as const;

/** What one predicted study's folder holds. */
export interface StudyFiles {
  /** By name in the folder: `prediction.json`, `report.html`, `key-images/*`, `dicom/*`. */
  readonly contents: Readonly<Record<string, FileContent>>;
  /** DICOM objects that the source does not allow. */
  readonly refusedObjects: readonly RefusedObject[];
}

export async function studyFiles(
  predicted: PredictedStudy,
  {
    keyImages = false,
    heatMaps = false,
    dicom = false,
    parametricMap = false,
    madeAt = predicted.madeAt,
    earlierReport,
    outside = [],
  }: StudyFilesOptions = {},
): Promise<StudyFiles> {
  const objects = dicom
    ? predicted.dicomObjects(madeAt, { parametricMap, earlierReport, outside })
    : undefined;
  const contents = {
    'report.html': await predicted.reportPage(),
    'prediction.json': predictionJson(predicted.prediction),
    ...(heatMaps && { 'heat-maps.json': heatMapsJson(predicted.findings) }),
    ...inFolder('key-images', keyImages ? predicted.keyImages() : {}),
    ...inFolder('dicom', objects?.files ?? {}),
  };
  return { contents, refusedObjects: objects?.refused ?? [] };
}

/** What says in an archive why a study was not analysed; without its patient's attributes, nothing can. */
export function refusalFiles(
  model: OpenModel,
  { study, checks, modules }: RefusedOutcome,
  { dicom = false, madeAt = new Date(), earlierReport }: StudyFilesOptions,
): StudyFiles {
  if (!dicom || modules === undefined) return { contents: {}, refusedObjects: [] };
  const { files, refused } = model.refusalObjects(
    { checks, modules, ...(study && { study }) },
    madeAt,
    earlierReport,
  );
  return { contents: inFolder('dicom', files), refusedObjects: refused };
}

const inFolder = (folder: string, files: Readonly<Record<string, Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

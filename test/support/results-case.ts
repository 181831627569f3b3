import { HEMORRHAGE_SUBTYPE_NAMES, type StudyFile } from '../../src/base/index.ts';
import { createPrediction, type Findings } from '../../src/prediction/index.ts';
import { drawKeyImages } from '../../src/report/index.ts';
import { CAPTURE_SIDE_PX, type ResultObjects, resultObjects } from '../../src/results/index.ts';
import { readStudy } from '../../src/study/index.ts';
import { type HeadSeries, headFiles, SIZE } from './dicom-series.ts';

/** What every study of the tests is filed under. */
export const STUDY = { StudyDate: '20260101', StudyTime: '120000', StudyID: '1', PatientSex: 'O' };
export const MADE_AT = new Date(2026, 0, 2, 3, 4, 5);
export const HOT_SLICE = 9;

export interface ResultsCase extends HeadSeries {
  /** The subject's probability; 0.8 unless given. */
  readonly subject?: number;
  readonly madeAt?: Date;
  readonly operatingPoint?: number;
  readonly modelSha256?: string;
  /** A distance from the training's series that is beyond the limit. */
  readonly isUnlikeTraining?: boolean;
  readonly earlierReport?: Uint8Array | undefined;
  readonly outside?: readonly string[];
  readonly parametricMap?: boolean;
  /** Along each side of the maps. */
  readonly cells?: number;
  /** Instead of the series. */
  readonly files?: readonly StudyFile[];
}

/** A subject at 0.8 with one slice above 0.5, whose map has its one hot cell in the third row and fifth column. */
export async function resultsOf({
  subject = 0.8,
  madeAt = MADE_AT,
  operatingPoint = 0.5,
  modelSha256 = 'ab'.repeat(32),
  isUnlikeTraining = false,
  earlierReport,
  outside = [],
  parametricMap = false,
  cells = 16,
  files,
  ...series
}: ResultsCase = {}): Promise<ResultObjects> {
  const study = await readStudy(
    files ?? headFiles({ ...series, attributes: { ...STUDY, ...series.attributes } }),
  );
  const heatMap = new Float32Array(study.volume.slices * cells ** 2);
  heatMap[HOT_SLICE * cells ** 2 + 2 * cells + 4] = 1;
  const positive = subject >= operatingPoint;
  const subtypes = Object.fromEntries(HEMORRHAGE_SUBTYPE_NAMES.map((name, i) => [name, 0.1 + 0.1 * i]));
  const findings: Findings = {
    subject: { anyHemorrhage: subject, ...(positive && subtypes) },
    positive,
    operatingPoint,
    subtypeThreshold: 0.5,
    slices: study.slices.map((_, i) => ({ anyHemorrhage: i === HOT_SLICE ? 0.7 : 0.1 })),
    heatMaps: { anyHemorrhage: heatMap },
    frame: { rowStart: 0, rowSize: SIZE, columnStart: 0, columnSize: SIZE },
    ...(isUnlikeTraining && { unlikeTraining: { distance: 3, limit: 2 } }),
  };
  const prediction = createPrediction({
    study,
    findings,
    model: { name: 'test', sha256: modelSha256 },
    timingsMs: {},
    peakMemoryBytes: 1,
    software: { name: 'ichor', version: '0.1.0' },
  });
  const { heatMaps, frame } = findings;
  const keyImages = drawKeyImages({ prediction, volume: study.volume, heatMaps, frame }, CAPTURE_SIDE_PX);
  const parts = { study, findings, prediction, keyImages, parametricMap, outside, madeAt };
  return resultObjects(parts, earlierReport);
}

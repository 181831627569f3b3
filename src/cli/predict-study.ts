import path from 'node:path';
import { writeFilesWhole } from '../files/index.ts';
import type { OpenModel } from '../library/index.ts';
import { type Prediction, predictionJson } from '../prediction/index.ts';
import type { AcceptedStudy } from '../study/index.ts';
import type { PredictFlags } from './predict-options.ts';
import type { ProgressDisplay } from './progress-bar.ts';

/** What stays open from study to study. */
export interface PredictRun {
  readonly flags: PredictFlags;
  readonly model: OpenModel;
  readonly progress: ProgressDisplay;
  readonly signal: AbortSignal;
}

/** Predicts one study and writes its files, all or none. */
export async function predictStudy(
  { flags, model, progress, signal }: PredictRun,
  study: AcceptedStudy,
  readingMs: number,
  folder: string,
): Promise<Prediction> {
  const predicted = await model.predict(study, {
    heatMaps: flags.heatMaps,
    showIdentity: flags.showIdentity ?? false,
    readingMs,
    signal,
    onProgress: progress.listen,
    ...(flags.operatingPoint !== undefined && { operatingPoint: flags.operatingPoint }),
  });
  progress.stop();
  const pictures = flags.keyImages ? Object.entries(predicted.keyImages()) : [];
  await writeFilesWhole(folder, {
    'report.html': await predicted.reportPage(),
    'prediction.json': predictionJson(predicted.prediction),
    ...Object.fromEntries(pictures.map(([name, png]) => [path.join('key-images', name), png])),
  });
  return predicted.prediction;
}

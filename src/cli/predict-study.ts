import path from 'node:path';
import { writeFilesWhole } from '../files/index.ts';
import type { Model } from '../network/index.ts';
import { createPrediction, type Prediction, type Predictor, predictionJson } from '../prediction/index.ts';
import { keyImages, type ReportInput, reportPage } from '../report/index.ts';
import type { AcceptedStudy } from '../study/index.ts';
import { modelSummary } from './model-summary.ts';
import type { PredictFlags } from './predict-options.ts';
import type { ProgressDisplay } from './progress-bar.ts';
import { softwareVersion } from './software.ts';

/** What stays open from study to study. */
export interface PredictRun {
  readonly flags: PredictFlags;
  readonly model: Model;
  readonly sha256: string;
  readonly predictor: Predictor;
  readonly progress: ProgressDisplay;
  readonly signal: AbortSignal;
}

/** Predicts one study and writes its files, all or none. */
export async function predictStudy(
  run: PredictRun,
  study: AcceptedStudy,
  readingMs: number,
  folder: string,
): Promise<Prediction> {
  const { flags, model, sha256, predictor, progress, signal } = run;
  const startedAt = performance.now();
  const findings = await predictor.predict(study.volume, {
    heatMaps: flags.heatMaps,
    signal,
    onProgress: progress.listen,
    ...(flags.operatingPoint !== undefined && { operatingPoint: flags.operatingPoint }),
  });
  progress.stop();
  const prediction = createPrediction({
    study,
    findings,
    model: { name: model.card.name, sha256 },
    timingsMs: { reading: Math.round(readingMs), predicting: Math.round(performance.now() - startedAt) },
    // kilobytes on every platform (Node's process.resourceUsage)
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    software: { name: 'ichor', version: softwareVersion() },
  });
  const heat = Object.keys(findings.heatMaps).length > 0;
  const input: ReportInput = {
    prediction,
    volume: study.volume,
    model: modelSummary(model.card),
    ...(heat && { heatMaps: findings.heatMaps, frame: findings.frame }),
    ...(flags.showIdentity && { identity: study.identity }),
  };
  const pictures = flags.keyImages ? Object.entries(keyImages(input)) : [];
  await writeFilesWhole(folder, {
    'report.html': await reportPage(input),
    'prediction.json': predictionJson(prediction),
    ...Object.fromEntries(pictures.map(([name, png]) => [path.join('key-images', name), png])),
  });
  return prediction;
}

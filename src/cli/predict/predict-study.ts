import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { explainSystemError, writeFilesWhole } from '../../files/index.ts';
import { type Prediction, predictionJson } from '../../prediction/index.ts';
import { KEY_IMAGE_NAME } from '../../report/index.ts';
import type { OpenModel } from '../../service/index.ts';
import type { AcceptedStudy } from '../../study/index.ts';
import type { PredictFlags } from '../options/numbers.ts';
import type { ProgressDisplay } from '../terminal/progress-bar.ts';

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
  const objects = flags.dicom ? predicted.dicomObjects(new Date()) : undefined;
  await writeFilesWhole(folder, {
    'report.html': await predicted.reportPage(),
    'prediction.json': predictionJson(predicted.prediction),
    ...Object.fromEntries(pictures.map(([name, png]) => [path.join('key-images', name), png])),
    ...inFolder('dicom', objects?.files ?? {}),
  });
  for (const { object, code, reason } of objects?.refused ?? [])
    process.stderr.write(`${study.study.name}: dicom/${object} is not written (${code}): ${reason}\n`);
  await removeOlderPictures(path.join(folder, 'key-images'), new Set(pictures.map(([name]) => name)));
  return predicted.prediction;
}

const inFolder = (folder: string, files: Readonly<Record<string, Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [path.join(folder, name), bytes]));

/** Key images of an earlier run, perhaps of another model, would be taken for this report's. */
async function removeOlderPictures(folder: string, current: ReadonlySet<string>): Promise<void> {
  if (!existsSync(folder)) return;
  try {
    const older = (await readdir(folder)).filter((name) => KEY_IMAGE_NAME.test(name) && !current.has(name));
    for (const name of older) await rm(path.join(folder, name));
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', folder);
  }
}

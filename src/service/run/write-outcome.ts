import path from 'node:path';
import { withFolderLock } from '../../files/index.ts';
import type { Prediction } from '../../prediction/index.ts';
import { type BatchRow, batchFinding } from '../../report/index.ts';
import type { RefusedObject } from '../../results/index.ts';
import { type StudyFiles, type StudyFilesOptions, studyFiles } from '../folder/study-files.ts';
import { chooseFolder, studyKeyOf } from '../folder/study-places.ts';
import { notPredictedRecord, predictedRecord, type StudyOrigin } from '../folder/study-record.ts';
import { notPredictedRow } from '../folder/study-rows.ts';
import { writeStudyFolder } from '../folder/write-study-folder.ts';
import {
  type NotPredicted,
  type PredictedOutcome,
  type PredictOutcome,
  thrownOutcome,
} from '../outcomes/outcome.ts';

export interface WriteOptions extends StudyFilesOptions {
  readonly out: string;
  readonly signal?: AbortSignal;
  /** Folders that this run has written. */
  readonly taken: ReadonlySet<string>;
}

/** One study of a run whose folder is written. */
export interface WrittenStep {
  readonly outcome: BatchRow['outcome'];
  readonly row: BatchRow;
  /** The contents of prediction.json, where there is one. */
  readonly prediction?: Prediction;
  /** DICOM objects that the source does not allow. */
  readonly refusedObjects: readonly RefusedObject[];
}

/**
 * Writes what came of one study of an input into its folder of `out`. Throws IchorError `aborted`, `folder-in-use`, and as
 * writeFilesWhole does.
 */
export async function writeOutcome(
  input: string,
  outcome: PredictOutcome,
  options: WriteOptions,
): Promise<WrittenStep> {
  const made = outcome.kind === 'predicted' ? await filesOf(outcome, options) : outcome;
  const origin = { input, studyKey: studyKeyOf(input, outcome.study) };
  const name = outcome.study?.name ?? nameOfInput(input);
  return withFolderLock(options.out, async () => {
    const folder = await chooseFolder(options.out, { name, studyKey: origin.studyKey, taken: options.taken });
    const place = path.join(options.out, folder);
    return 'files' in made
      ? writePredicted(place, folder, origin, made)
      : writeOther(place, folder, origin, made);
  });
}

/** As the study in it would be called: a NIfTI file that is damaged replaces what was said of it when it was whole. */
const nameOfInput = (input: string): string =>
  path.basename(path.resolve(input)).replace(/\.nii(\.gz)?$/i, '');

interface Made {
  readonly outcome: PredictedOutcome;
  readonly files: StudyFiles;
}

/** A page that cannot be made is a fault of this study alone. */
async function filesOf(outcome: PredictedOutcome, options: WriteOptions): Promise<Made | NotPredicted> {
  try {
    return { outcome, files: await studyFiles(outcome, options) };
  } catch (thrown) {
    return thrownOutcome(thrown, options.signal, outcome.study);
  }
}

async function writePredicted(
  place: string,
  folder: string,
  origin: StudyOrigin,
  { outcome, files }: Made,
): Promise<WrittenStep> {
  const { prediction } = outcome;
  const record = predictedRecord(origin, outcome);
  await writeStudyFolder(place, record, files.contents);
  const { input, studyName } = record;
  const named = { input, folder, ...(studyName !== undefined && { studyName }) };
  const row: BatchRow = { outcome: 'predicted', ...named, prediction: batchFinding(prediction) };
  return { outcome: 'predicted', row, prediction, refusedObjects: files.refusedObjects };
}

async function writeOther(
  place: string,
  folder: string,
  origin: StudyOrigin,
  outcome: NotPredicted,
): Promise<WrittenStep> {
  const record = notPredictedRecord(origin, outcome);
  await writeStudyFolder(place, record);
  return { outcome: outcome.kind, row: notPredictedRow(folder, record), refusedObjects: [] };
}

import path from 'node:path';
import { readIfThere, withFolderLock } from '../../files/index.ts';
import type { Prediction } from '../../prediction/index.ts';
import { type BatchRow, batchFinding } from '../../report/index.ts';
import type { RefusedObject } from '../../results/index.ts';
import {
  RESULT_FILES,
  refusalFiles,
  type StudyFiles,
  type StudyFilesOptions,
  studyFiles,
} from '../folder/study-files.ts';
import { chooseFolder, studyKeyOf } from '../folder/study-places.ts';
import { notPredictedRecord, predictedRecord, type StudyOrigin } from '../folder/study-record.ts';
import { notPredictedRow } from '../folder/study-rows.ts';
import { writeStudyFolder } from '../folder/write-study-folder.ts';
import type { OpenModel } from '../open-model.ts';
import {
  type NotPredicted,
  type PredictedOutcome,
  type PredictOutcome,
  thrownOutcome,
} from '../outcomes/outcome.ts';

export interface WriteOptions extends StudyFilesOptions {
  readonly out: string;
  readonly model: OpenModel;
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
  const origin = { input, studyKey: studyKeyOf(input, outcome.study) };
  const name = outcome.study?.name ?? nameOfInput(input);
  const choose = () => chooseFolder(options.out, { name, studyKey: origin.studyKey, taken: options.taken });
  const earlierReport = await earlierReportIn(path.join(options.out, await choose()));
  const made = await filesOf(outcome, { ...options, earlierReport });
  return withFolderLock(options.out, async () => {
    const folder = await choose();
    const place = path.join(options.out, folder);
    return made.outcome.kind === 'predicted'
      ? writePredicted(place, folder, origin, made.outcome, made.files)
      : writeOther(place, folder, origin, made.outcome, made.files);
  });
}

/** As the study in it would be called: a NIfTI file that is damaged replaces what was said of it when it was whole. */
const nameOfInput = (input: string): string =>
  path.basename(path.resolve(input)).replace(/\.nii(\.gz)?$/i, '');

/** What its DICOM objects take the place of; whether it is of this study, results/ looks. */
export const earlierReportIn = (folder: string): Promise<Uint8Array | undefined> =>
  readIfThere(path.join(folder, RESULT_FILES.report));

interface Made {
  readonly outcome: PredictOutcome;
  readonly files: StudyFiles;
}

const NO_FILES: StudyFiles = { contents: {}, refusedObjects: [] };

/** A page that cannot be made is a fault of this study alone. */
async function filesOf(outcome: PredictOutcome, options: WriteOptions): Promise<Made> {
  try {
    if (outcome.kind === 'predicted') return { outcome, files: await studyFiles(outcome, options) };
    if (outcome.kind === 'failed') return { outcome, files: NO_FILES };
    return { outcome, files: refusalFiles(options.model, outcome, options) };
  } catch (thrown) {
    return { outcome: thrownOutcome(thrown, options.signal, outcome.study), files: NO_FILES };
  }
}

async function writePredicted(
  place: string,
  folder: string,
  origin: StudyOrigin,
  outcome: PredictedOutcome,
  files: StudyFiles,
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
  { contents, refusedObjects }: StudyFiles,
): Promise<WrittenStep> {
  const record = notPredictedRecord(origin, outcome);
  await writeStudyFolder(place, record, contents);
  return { outcome: outcome.kind, row: notPredictedRow(folder, record), refusedObjects };
}

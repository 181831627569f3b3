import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { explainSystemError, readTextIfThere } from '../../files/index.ts';
import { type Prediction, predictionSchema } from '../../prediction/index.ts';
import { type BatchRow, batchFinding } from '../../report/index.ts';
import { readRecord } from './study-places.ts';
import { type NotPredictedRecord, RECORD_FILE, type StudyRecord } from './study-record.ts';

/** A folder of `out`, with what came of its study. */
export interface RecordedStudy {
  readonly folder: string;
  readonly record: StudyRecord | 'damaged';
}

/** All studies that `out` holds, in the order in which they were predicted. Throws what reading folders throws. */
export async function recordedStudies(out: string): Promise<RecordedStudy[]> {
  const found: RecordedStudy[] = [];
  for (const folder of await foldersIn(out)) {
    const record = await readRecord(path.join(out, folder));
    if (record !== undefined) found.push({ folder, record });
  }
  return found.toSorted((a, b) => (moment(a) < moment(b) ? -1 : Number(moment(a) > moment(b))));
}

const moment = ({ folder, record }: RecordedStudy): string =>
  `${record === 'damaged' ? '' : record.recordedAt} ${folder}`;

async function foldersIn(out: string): Promise<string[]> {
  try {
    const entries = await readdir(out, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', out);
  }
}

/** A row of a summary for each study that `out` holds. */
export async function studyRows(out: string): Promise<BatchRow[]> {
  const rows: BatchRow[] = [];
  for (const { folder, record } of await recordedStudies(out)) {
    if (record === 'damaged') rows.push(damagedRow({ input: '', folder }, RECORD_FILE));
    else if (record.outcome !== 'predicted') rows.push(notPredictedRow(folder, record));
    else rows.push(await predictedRow(out, folder, record));
  }
  return rows;
}

/** A refusal or a failure as a row of a summary. */
export function notPredictedRow(folder: string, record: NotPredictedRecord): BatchRow {
  const { schema: _, studyKey: __, recordedAt: ___, ...told } = record;
  return { ...told, folder };
}

async function predictedRow(out: string, folder: string, record: StudyRecord): Promise<BatchRow> {
  const { input, studyName } = record;
  const named = { input, folder, ...(studyName !== undefined && { studyName }) };
  const prediction = predictionIn(await readTextIfThere(path.join(out, folder, 'prediction.json')));
  if (prediction === undefined) return damagedRow(named, 'prediction.json');
  return { outcome: 'predicted', ...named, prediction: batchFinding(prediction) };
}

function predictionIn(text: string | undefined): Prediction | undefined {
  try {
    return predictionSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

const damagedRow = (named: Pick<BatchRow, 'input' | 'folder'>, file: string): BatchRow => ({
  outcome: 'failed',
  ...named,
  code: 'result-damaged',
  reason: `${file} in ${named.folder} is damaged or missing: predict the study again`,
});

import path from 'node:path';
import {
  EXIT_CODE,
  IchorError,
  messageOf,
  RefusedInput,
  throwIfAborted,
  UsageError,
} from '../../base/index.ts';
import { findStudyFiles, writeFilesWhole } from '../../files/index.ts';
import {
  type BatchRow,
  batchFinding,
  batchPage,
  batchTable,
  batchText,
  checkText,
  furtherChecks,
} from '../../report/index.ts';
import { type AcceptedStudy, type RefusedStudy, readStudies, type StudyOutcome } from '../../study/index.ts';
import { plainText } from '../terminal/plain-text.ts';
import { type PredictRun, predictStudy } from './predict-study.ts';

interface Batch extends PredictRun {
  readonly rows: BatchRow[];
  /** The worst exit code so far: a fault before wrong usage before a refusal. */
  exitCode: number;
}

const GRAVITY: readonly number[] = [EXIT_CODE.predicted, EXIT_CODE.refused, EXIT_CODE.usage, EXIT_CODE.fault];

/**
 * Predicts every study of every input, one after another; one that fails is a row and not the end. What ends the batch, a
 * stop say, leaves a summary of what was done.
 */
export async function predictBatch(run: PredictRun, inputs: readonly string[]): Promise<number> {
  const batch: Batch = { ...run, rows: [], exitCode: EXIT_CODE.predicted };
  try {
    for (const input of inputs) await predictInput(batch, input);
  } catch (thrown) {
    // The end is what must be told, even where the summary can no longer be written
    await writeSummary(batch, true).catch(() => undefined);
    throw thrown;
  }
  await writeSummary(batch, false);
  return batch.exitCode;
}

async function writeSummary(batch: Batch, endedEarly: boolean): Promise<void> {
  const { rows, flags } = batch;
  if (rows.length < 2) return;
  await writeFilesWhole(flags.out, {
    'summary.html': batchPage(rows, { endedEarly }),
    'summary.csv': batchTable(rows),
  });
  say(batch, `Summary of ${rows.length} studies: ${path.join(flags.out, 'summary.html')}`);
}

async function predictInput(batch: Batch, input: string): Promise<void> {
  let startedAt = performance.now();
  for await (const outcome of outcomesOf(batch, input)) {
    const readingMs = performance.now() - startedAt;
    batch.progress.stop();
    if (outcome.kind === 'failed') takeFailure(batch, input, outcome.thrown);
    else if (outcome.kind === 'refused') takeRefusal(batch, input, outcome);
    else await takeStudy(batch, input, outcome, readingMs);
    startedAt = performance.now();
  }
}

interface FailedReading {
  readonly kind: 'failed';
  readonly thrown: unknown;
}

/** What is read of an input; where reading it fails, that comes last. */
async function* outcomesOf(
  { flags, signal, progress }: Batch,
  input: string,
): AsyncGenerator<StudyOutcome | FailedReading> {
  const options = { signal, onProgress: progress.listen, ...(flags.series && { seriesUid: flags.series }) };
  try {
    yield* readStudies(await findStudyFiles(input, { signal }), options);
  } catch (thrown) {
    yield { kind: 'failed', thrown };
  }
}

async function takeStudy(
  batch: Batch,
  input: string,
  outcome: AcceptedStudy,
  readingMs: number,
): Promise<void> {
  const folder = folderFor(batch, outcome.study.name);
  try {
    const prediction = await predictStudy(batch, outcome, readingMs, path.join(batch.flags.out, folder));
    const row: BatchRow = { outcome: 'predicted', input, prediction: batchFinding(prediction), folder };
    batch.rows.push(row);
    if (batch.flags.json)
      process.stdout.write(
        `${JSON.stringify({ input, outcome: 'predicted', folder: path.join(batch.flags.out, folder), ...prediction })}\n`,
      );
    say(batch, `${input}: ${batchText(row)} Report: ${path.join(batch.flags.out, folder, 'report.html')}`);
    for (const line of furtherLines(row)) say(batch, line);
  } catch (thrown) {
    takeFailure(batch, input, thrown, outcome.study.name);
  }
}

function takeRefusal(batch: Batch, input: string, { study, checks }: RefusedStudy): void {
  const reason = checks.find((check) => check.severity === 'refused');
  const [code, text] = [reason?.code ?? 'refused', reason?.text ?? 'the study was refused'];
  const named = study === undefined ? {} : { studyName: study.name };
  note(batch, { outcome: 'refused', input, code, reason: text, checks, ...named }, EXIT_CODE.refused);
}

/** A stop, or a place that cannot be written to, ends the batch; anything else is a row of it. */
function takeFailure(batch: Batch, input: string, thrown: unknown, studyName?: string): void {
  throwIfAborted(batch.signal);
  if (studyName !== undefined && isWriting(thrown)) throw thrown;
  const code = thrown instanceof IchorError ? thrown.code : 'unexpected';
  const named = studyName === undefined ? {} : { studyName };
  const refused = thrown instanceof RefusedInput || thrown instanceof UsageError;
  const outcome = refused ? 'refused' : 'failed';
  note(batch, { outcome, input, code, reason: messageOf(thrown), ...named }, exitCodeOf(thrown));
}

const WRITING_CODES = new Set([
  'disk-full',
  'disk-error',
  'no-permission',
  'read-only',
  'path-not-folder',
  'path-is-folder',
]);
const isWriting = (thrown: unknown): boolean =>
  thrown instanceof IchorError && WRITING_CODES.has(thrown.code);

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof UsageError) return EXIT_CODE.usage;
  return thrown instanceof RefusedInput ? EXIT_CODE.refused : EXIT_CODE.fault;
}

function note(batch: Batch, row: Exclude<BatchRow, { outcome: 'predicted' }>, exitCode: number): void {
  batch.progress.stop();
  batch.rows.push(row);
  if (GRAVITY.indexOf(exitCode) > GRAVITY.indexOf(batch.exitCode)) batch.exitCode = exitCode;
  const { input, outcome, code, reason, checks } = row;
  if (batch.flags.json)
    process.stdout.write(`${JSON.stringify({ input, outcome, code, reason, checks: checks ?? [] })}\n`);
  const lines = [`${input}: ${outcome}: ${batchText(row)}`, ...furtherLines(row)];
  process.stderr.write(`${lines.map(plainText).join('\n')}\n`);
}

/** More of them are in prediction.json and in --json. */
const MOST_LINES = 8;

function furtherLines(row: BatchRow): string[] {
  const checks = furtherChecks(row);
  const shown = checks.slice(0, MOST_LINES).map((check) => `  ${checkText(check)}`);
  const left = checks.length - shown.length;
  return left > 0 ? [...shown, `  and ${left} more`] : shown;
}

/** Plain words for people: on stdout, or on stderr where stdout is for JSON. */
function say(batch: Batch, text: string): void {
  (batch.flags.json ? process.stderr : process.stdout).write(`${plainText(text)}\n`);
}

/** A folder's name from a study's: no separators, no hidden name, and another one where it is taken. */
function folderFor({ rows }: Batch, studyName: string): string {
  const safe =
    studyName
      .replace(/[^\w.-]+/g, '_')
      .replace(/^\.+/, '')
      .slice(0, 100) || 'study';
  const taken = new Set(rows.map((row) => (row.outcome === 'predicted' ? row.folder : '')));
  let name = safe;
  for (let n = 2; taken.has(name); n++) name = `${safe}-${n}`;
  return name;
}

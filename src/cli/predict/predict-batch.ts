import path from 'node:path';
import { EXIT_CODE, IchorError, UsageError } from '../../base/index.ts';
import { type BatchRow, batchText, checkText, furtherChecks } from '../../report/index.ts';
import { type OpenModel, predictInputs, type RunStep, type WrittenStep } from '../../service/index.ts';
import type { PredictFlags } from '../options/numbers.ts';
import { printJson, printLines, warnLines } from '../terminal/print.ts';
import type { ProgressDisplay } from '../terminal/progress-bar.ts';

/** What stays open from study to study. */
export interface PredictRun {
  readonly flags: PredictFlags;
  readonly model: OpenModel;
  readonly progress: ProgressDisplay;
  readonly signal: AbortSignal;
}

type Counts = Record<RunStep['outcome'], number>;

/** Predicts all inputs, tells of each study as it ends, and counts them last, also where it is stopped. Returns the exit code. */
export async function predictBatch(run: PredictRun, inputs: readonly string[]): Promise<number> {
  const { flags, progress } = run;
  const counts: Counts = { predicted: 0, refused: 0, failed: 0, skipped: 0 };
  try {
    for await (const step of predictInputs(inputs, optionsOf(run))) {
      progress.stop();
      counts[step.outcome]++;
      if (step.outcome !== 'skipped') tell(flags, step);
    }
  } catch (thrown) {
    throw asFault(thrown);
  } finally {
    progress.stop();
    tellEnd(flags, counts);
  }
  if (counts.failed > 0) return EXIT_CODE.fault;
  return counts.refused > 0 ? EXIT_CODE.refused : EXIT_CODE.predicted;
}

const optionsOf = ({ flags, model, progress, signal }: PredictRun) => ({
  ...flags,
  model,
  signal,
  onProgress: progress.listen,
  ...(flags.series !== undefined && { seriesUid: flags.series }),
});

/** Wrong usage is what was found before anything was tried: an exit code of 2 says that nothing was done. */
const asFault = (thrown: unknown): unknown =>
  thrown instanceof UsageError ? new IchorError(thrown.code, thrown.message, { cause: thrown }) : thrown;

function tell(flags: PredictFlags, { row, prediction, refusedObjects }: WrittenStep): void {
  const folder = path.join(flags.out, row.folder);
  if (flags.json) printJson({ ...jsonRow(row), folder, ...prediction });
  if (row.outcome === 'predicted')
    say(flags, `${row.input}: ${batchText(row)} Report: ${path.join(folder, 'report.html')}`);
  else warn(`${row.input}: ${row.outcome}: ${batchText(row)}`);
  for (const line of furtherLines(row)) row.outcome === 'predicted' ? say(flags, line) : warn(line);
  for (const { object, code, reason } of refusedObjects)
    warn(`${row.input}: dicom/${object} is not written (${code}): ${reason}`);
}

/** A prediction's own fields follow those of its row. */
const jsonRow = (row: BatchRow) =>
  row.outcome === 'predicted'
    ? { input: row.input, outcome: row.outcome, studyName: row.studyName }
    : { ...row, checks: row.checks ?? [] };

function tellEnd(flags: PredictFlags, counts: Counts): void {
  const written = counts.predicted + counts.refused + counts.failed;
  if (written > 1)
    say(flags, `Summary of all studies in ${flags.out}: ${path.join(flags.out, 'summary.html')}`);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  say(flags, `${counts.predicted} predicted, ${counts.refused} refused, ${counts.failed} failed${skipped}.`);
}

/** More of them are in prediction.json, outcome.json and in --json. */
const MOST_LINES = 8;

function furtherLines(row: BatchRow): string[] {
  const checks = furtherChecks(row);
  const shown = checks.slice(0, MOST_LINES).map((check) => `  ${checkText(check)}`);
  const left = checks.length - shown.length;
  return left > 0 ? [...shown, `  and ${left} more`] : shown;
}

/** Words for people: on stdout, or on stderr where stdout is for JSON. */
const say = ({ json }: PredictFlags, text: string): void => (json ? warnLines([text]) : printLines([text]));

const warn = (text: string): void => warnLines([text]);

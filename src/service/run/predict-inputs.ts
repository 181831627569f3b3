import type { StudyInfo } from '../../study/index.ts';
import { studyKeyOf } from '../folder/study-places.ts';
import { shownName } from '../folder/study-record.ts';
import { type PredictStudiesOptions, predictStudies } from '../outcomes/predict-studies.ts';
import { alreadyPredicted } from './already-predicted.ts';
import { runName, writeSummaries } from './run-summaries.ts';
import { type WriteOptions, type WrittenStep, writeOutcome } from './write-outcome.ts';

export interface PredictInputsOptions
  extends Omit<PredictStudiesOptions, 'isWanted'>,
    Omit<WriteOptions, 'taken' | 'signal'> {
  /** Leaves out studies that `out` has a prediction of, by this model at this operating point. */
  readonly skipExisting?: boolean;
}

/** One study of a run: its folder is written, or it was left out. */
export type RunStep = WrittenStep | SkippedStep;

export interface SkippedStep {
  readonly outcome: 'skipped';
  readonly input: string;
  readonly studyName: string;
}

/**
 * Predicts every study of every input, one after another, each into its own folder of `out`. The run gets a summary of
 * its own, and that of the folder is made anew. A study that is refused or fails is a step and not the end. Throws
 * IchorError `aborted`, and what writing throws: both end the run, and the summaries then hold what was done.
 */
export async function* predictInputs(
  inputs: readonly string[],
  options: PredictInputsOptions,
): AsyncGenerator<RunStep, void, undefined> {
  const startedAt = new Date();
  const run = { startedAt, name: runName(startedAt), rows: [] };
  const known = options.skipExisting ? await alreadyPredicted(options.out, options) : new Set<string>();
  let endedEarly = true;
  try {
    for (const input of inputs) yield* predictInput(input, run, known, options);
    endedEarly = false;
  } finally {
    const written = writeSummaries(options.out, run, endedEarly);
    // What ended the run must be told, even where the summaries can no longer be written
    await (endedEarly ? written.catch(() => undefined) : written);
  }
}

async function* predictInput(
  input: string,
  run: { readonly rows: WrittenStep['row'][] },
  known: ReadonlySet<string>,
  options: PredictInputsOptions,
): AsyncGenerator<RunStep, void, undefined> {
  const skipped: SkippedStep[] = [];
  const isWanted = (study: StudyInfo): boolean => {
    if (!known.has(studyKeyOf(input, study))) return true;
    skipped.push({ outcome: 'skipped', input, studyName: shownName(study) });
    return false;
  };
  for await (const outcome of predictStudies(input, { ...options, isWanted })) {
    yield* skipped.splice(0);
    const step = await writeOutcome(input, outcome, {
      ...options,
      taken: new Set(run.rows.map(({ folder }) => folder)),
    });
    run.rows.push(step.row);
    yield step;
  }
  yield* skipped;
}

import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProgressListener, Runtime } from '../../base/index.ts';
import { type Cohort, type Folds, type LabelledStudy, splitByFold } from '../../cohort/index.ts';
import { writeWeights } from '../weights-file.ts';
import type { Recipe } from './recipe.ts';
import { createJudge, networkWeights, trainRun } from './run.ts';
import type { Workshop } from './workshop.ts';

export interface CrossValidationTask {
  readonly runtime: Runtime;
  readonly recipe: Recipe;
  readonly workshop: Workshop;
  readonly cohort: Cohort;
  /** Train in every fold; none is ever tested on. */
  readonly phantoms: readonly LabelledStudy[];
  /** Phantoms with little noise: not in the stage on phantoms alone, never tested on either. */
  readonly quietPhantoms: readonly LabelledStudy[];
  readonly folds: Folds;
  readonly runs: readonly FoldRun[];
  readonly folder: string;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: Readonly<Record<string, number | string>>) => void;
}

/** One training: the fold that is left out and the seed. */
export interface FoldRun {
  readonly seed: number;
  readonly fold: number;
}

/** Trains on all folds but one in each run, and writes what each run says of the patients it never saw. */
export async function crossValidate(task: CrossValidationTask): Promise<void> {
  await mkdir(task.folder, { recursive: true });
  for (const run of task.runs) {
    const stem = path.join(task.folder, `seed-${run.seed}-fold-${run.fold}`);
    if (!existsSync(`${stem}.json`)) await runFold(task, run, stem);
  }
}

async function runFold(task: CrossValidationTask, { seed, fold }: FoldRun, stem: string): Promise<void> {
  const { test, training } = splitByFold(task.cohort.studies, task.folds, { fold, validationParts: 0, seed });
  const copies = await task.workshop.copiesOf([...training, ...task.phantoms], { donors: training });
  const quietCopies = await task.workshop.copiesOf(task.quietPhantoms, { form: 'plain' });
  const log = (entry: Readonly<Record<string, number | string>>) => task.log?.({ seed, fold, ...entry });
  const { start, phantomCnnFile } = task.workshop;
  const run = await trainRun({
    ...task,
    start,
    phantomCnnFile,
    copies,
    quietCopies,
    seed: 100 * seed + fold,
    stem,
    log,
  });
  const { judge, close } = await createJudge(task.runtime, task.recipe, run);
  const unseen = (await task.workshop.copiesOf(test)).filter(({ copy }) => !copy.bleeds);
  const predictions = [];
  try {
    for (const kept of unseen) {
      const { study, copy, targets } = kept;
      predictions.push({ study: study.study, form: copy.form, targets, ...(await judge(kept)) });
    }
  } finally {
    await close();
  }
  await writeWeights(`${stem}.weights`, networkWeights(run));
  await writeFile(`${stem}.json.partial`, JSON.stringify({ seed, fold, predictions }));
  await rename(`${stem}.json.partial`, `${stem}.json`);
}

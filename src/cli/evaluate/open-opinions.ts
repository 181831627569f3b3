import path from 'node:path';
import { type ProgressListener, UsageError } from '../../base/index.ts';
import { readCohort } from '../../cohort/index.ts';
import {
  collectOpinions,
  type ExamplePicture,
  type ExampleSlice,
  judgeCohort,
  type Opinions,
  opinionRowsOfModel,
  opinionsCsv,
  readOpinionsFile,
} from '../../evaluation/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { drawExamples } from '../../service/index.ts';
import { tellChecks, tellUnlabelled } from '../cohort/checks-text.ts';
import { cohortInParts, type SplitFlags } from '../options/divided-cohort.ts';
import { readWholeModel } from '../options/read-whole-model.ts';
import { interruptSignal } from '../terminal/exit.ts';

export interface CohortFlags extends SplitFlags {
  readonly out: string;
  readonly cohort?: string;
  readonly modelFile: string;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  /** Parts of the split that are predicted: what is reported on, and what operating points are chosen on. */
  readonly set: string;
  readonly chooseOn: string;
}

/** What is to be evaluated, and who can draw where the model looked. */
export interface OpenOpinions {
  readonly opinions: Opinions;
  /** Of the model that predicted, as EvaluationOptions has it. */
  readonly madeWith?: Readonly<Record<string, readonly string[]>>;
  /** No picture without a model at hand. */
  draw(choose: () => readonly ExampleSlice[]): Promise<ExamplePicture[]>;
  close(): Promise<void>;
}

/**
 * From a CSV, or from a cohort and a model that predicts it; what it says is then in `opinions.csv` too. Throws UsageError
 * `opinions-missing`, `opinions-twice`, `split-without-cohort`.
 */
export async function openOpinions(
  csv: string | undefined,
  flags: CohortFlags,
  onProgress: ProgressListener,
): Promise<OpenOpinions> {
  if (csv !== undefined && flags.cohort !== undefined)
    throw new UsageError(
      'opinions-twice',
      `give a CSV or --cohort, not both: got ${csv} and ${flags.cohort}`,
    );
  if (flags.cohort !== undefined) return predictCohort(flags.cohort, flags, onProgress);
  if (flags.split !== undefined || flags.fold !== undefined)
    throw new UsageError(
      'split-without-cohort',
      '--split and --fold divide a --cohort; a CSV names the set of each study itself',
    );
  if (csv === undefined)
    throw new UsageError('opinions-missing', 'give a CSV of opinions, or --cohort with --model-file');
  return {
    opinions: await readOpinionsFile(csv),
    draw: async () => [],
    close: async () => {},
  };
}

async function predictCohort(
  place: string,
  { modelFile, device, out, ...flags }: CohortFlags,
  onProgress: ProgressListener,
): Promise<OpenOpinions> {
  const wanted = [flags.set, flags.chooseOn];
  const whole = await readCohort(place);
  tellChecks(whole.checks);
  const { cohort, partOf } = await cohortInParts(whole, flags, wanted);
  tellUnlabelled(cohort);
  const { model, sha256 } = await readWholeModel(modelFile);
  const runtime = await createRuntime({ device });
  const judging = { cohort, model, sha256, runtime, folder: out, signal: interruptSignal(), onProgress };
  try {
    const judged = await judgeCohort(judging);
    const rows = opinionRowsOfModel(cohort, judged, model.card.name, partOf);
    await writeFileWhole(path.join(out, 'opinions.csv'), opinionsCsv(rows));
    return {
      opinions: collectOpinions(rows),
      madeWith: { [model.card.name]: model.card.data },
      draw: (choose) => drawExamples(judging, choose()),
      close: () => runtime.close(),
    };
  } catch (thrown) {
    await runtime.close();
    throw thrown;
  }
}

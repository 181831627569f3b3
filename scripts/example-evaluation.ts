// npm run example:evaluation: docs/example-evaluation/phantoms, the bundled model on phantoms that it makes, with three
// simulated readers. `-- --work training-runs/default` makes docs/example-evaluation/ct-ich in its place, from the out-of-fold
// predictions that a cross-validation of the recipe has left there (npm run train:default -- --cross-validate).
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom, HEMORRHAGE_CLASSES } from '../src/base/index.ts';
import { createProgressDisplay } from '../src/cli/index.ts';
import { readCohort } from '../src/cohort/index.ts';
import {
  collectOpinions,
  DEFAULT_OPTIONS,
  type ExamplePicture,
  type ExampleSlice,
  evaluate,
  exampleSlices,
  judgeCohort,
  type OpinionRow,
  opinionRowsOfModel,
  outputFiles,
} from '../src/evaluation/index.ts';
import { writeFilesWhole } from '../src/files/index.ts';
import { readModel } from '../src/network/index.ts';
import { TRAINING_COHORT, writePhantomCohort } from '../src/phantom/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { drawExamples } from '../src/service/index.ts';
import { type FoldFile, readFolds } from '../src/training/index.ts';

const { values } = parseArgs({
  options: {
    work: { type: 'string' },
    folder: { type: 'string', default: 'out/example-evaluation' },
  },
});

/** Invented: sensitivity and specificity that each simulated reader has for every class, on subjects. */
const READERS = [
  ['simulated reader A', 0.9, 0.97],
  ['simulated reader B', 0.8, 0.95],
  ['simulated reader C', 0.7, 0.9],
] as const;
const READERS_SEED = 20261124;
/** Seeds that no training phantom has. */
const PHANTOMS = { cohort: TRAINING_COHORT, count: 40, seed: 23 } as const;
const docs = fileURLToPath(new URL('../docs/example-evaluation', import.meta.url));
const bundled = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
const progress = createProgressDisplay();

if (values.work === undefined) await reportPhantoms(path.join(values.folder, 'phantoms'));
else await reportFolds(path.join(values.work, 'cv'));

type Draw = (examples: readonly ExampleSlice[]) => Promise<ExamplePicture[]>;

/** @param draw heat maps, where the model that gave the rows is at hand whole: the folds' models are not */
async function writeReport(
  name: string,
  rows: readonly OpinionRow[],
  draw: Draw = async () => [],
): Promise<void> {
  const opinions = collectOpinions([...rows, ...readerRows(rows)]);
  const evaluation = await evaluate(opinions, DEFAULT_OPTIONS, progress.listen);
  const pictures = await draw(exampleSlices(opinions, evaluation.model, DEFAULT_OPTIONS.threshold));
  const [report] = outputFiles(evaluation, opinions, pictures);
  await writeFilesWhole(path.join(docs, name), { 'report.html': report?.text ?? '' });
  progress.stop();
  process.stdout.write(`docs/example-evaluation/${name}/report.html\n`);
}

async function reportFolds(folder: string): Promise<void> {
  const files = await readFolds(folder, 5);
  if (files.length === 0) throw new Error(`no seed in ${folder} has all 5 folds yet`);
  await writeReport('ct-ich', foldRows(files));
}

/** What the models of the first seed's folds say of the patients that they never saw. */
function foldRows(files: readonly FoldFile[]): OpinionRow[] {
  const [first] = files;
  return files
    .filter(({ seed }) => seed === first?.seed)
    .flatMap(({ fold, predictions }) =>
      predictions
        .filter(({ form }) => form === 'plain')
        .flatMap(({ study, targets, twoType, fiveType }): OpinionRow[] => {
          const shared = { patient: study, study, reader: 'ichor, out of fold', fold: String(fold) };
          const rowOf = (c: number, truth: boolean, logit: number) => ({
            ...shared,
            class: (HEMORRHAGE_CLASSES[c] as (typeof HEMORRHAGE_CLASSES)[number]).name,
            reference: truth ? (1 as const) : (0 as const),
            probability: 1 / (1 + Math.exp(-logit)),
          });
          const subjects = [twoType.subject, ...fiveType.subject].map((logit, c) =>
            rowOf(
              c,
              targets.some((row) => row[c] === 1),
              logit,
            ),
          );
          const slices = targets.flatMap((row, i) =>
            [twoType.slices[i] as number, ...(fiveType.slices[i] as number[])].map((logit, c) => ({
              ...rowOf(c, row[c] === 1, logit),
              slice: i + 1,
            })),
          );
          return [...subjects, ...slices];
        }),
    );
}

async function reportPhantoms(place: string): Promise<void> {
  await writePhantomCohort({ ...PHANTOMS, out: place, workers: availableParallelism() }, progress.listen);
  const cohort = await readCohort(place);
  const bytes = await readFile(bundled);
  const model = readModel(bytes, bundled);
  const runtime = await createRuntime({ device: 'cpu' });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { signal } = new AbortController();
  const judging = {
    cohort,
    model,
    sha256,
    runtime,
    folder: path.join(values.folder, 'predictions'),
    signal,
    onProgress: progress.listen,
  };
  try {
    const rows = opinionRowsOfModel(cohort, await judgeCohort(judging), model.card.name);
    await writeReport('phantoms', rows, (examples) => drawExamples(judging, examples));
  } finally {
    await runtime.close();
  }
}

/** Decisions on subjects, drawn: right as often as the reader's sensitivity and specificity say. */
function readerRows(rows: readonly OpinionRow[]): OpinionRow[] {
  const random = createRandom(READERS_SEED);
  const subjects = rows.filter(({ slice, excluded }) => slice === undefined && excluded === undefined);
  return READERS.flatMap(([reader, sensitivity, specificity]) => {
    const own = random.fork(reader);
    return subjects.map(({ probability: _, ...row }): OpinionRow => {
      const called = own.chance(row.reference === 1 ? sensitivity : 1 - specificity);
      return { ...row, reader, decision: called ? 1 : 0 };
    });
  });
}

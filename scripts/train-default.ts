// npm run train:default: the bundled model from its data, or, with --cross-validate, its figures. Goes on where it stopped.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UsageError } from '../src/base/index.ts';
import { createProgressDisplay, reportFailure } from '../src/cli/index.ts';
import {
  foldsSchema,
  importCtIch,
  type LabelledStudy,
  labelledCohort,
  readCohort,
} from '../src/cohort/index.ts';
import { exportModel, type OperatingPoint, type Weights } from '../src/network/index.ts';
import { TRAINING_COHORT, writePhantomCohort } from '../src/phantom/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import {
  crossValidate,
  DEFAULT_RECIPE,
  defaultCard,
  type FoldFile,
  type FoldRun,
  missingOffset,
  type OutOfFoldFigure,
  openWorkshop,
  outOfFoldFigures,
  outOfFoldPoints,
  readFolds,
  trainDefault,
} from '../src/training/index.ts';
import { writeFigures } from './figures-table.ts';

const HELP = `npm run train:default -- [--data DIR] [--boxes FILE] [--mobilenet DIR] [--phantoms DIR] [--work DIR]
                            [--cross-validate SEEDS] [--threads N]

  --data DIR            PhysioNet CT-ICH 1.0.0 (default ../shared/data/ct-ich)
  --boxes FILE          boxes around the blood of CT-ICH, where the recipe learns from them (default ../shared/data/ct-ich-boxes/boxes.csv)
  --mobilenet DIR       MobileNetV1 1.0 224 in TensorFlow.js layers format (default ../shared/data/mobilenet-v1)
  --phantoms DIR        the phantoms that train as well, made where they are not yet (default WORK/phantoms)
  --work DIR            intermediate results, about 20 GB; a stopped run goes on from them (default training-runs/default)
  --cross-validate 1,2  cross-validate with these seeds first; the card's figures come from all finished seeds, or, where
                        none is, from models/cross-validation.json.
                        1:0,1:3 (SEED:FOLD) does those folds and nothing else: for several processes at once
  --threads N           threads that compute (default: one a core)
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/ct-ich' },
    boxes: { type: 'string', default: '../shared/data/ct-ich-boxes/boxes.csv' },
    mobilenet: { type: 'string', default: '../shared/data/mobilenet-v1' },
    phantoms: { type: 'string' },
    work: { type: 'string', default: 'training-runs/default' },
    'cross-validate': { type: 'string' },
    threads: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const models = fileURLToPath(new URL('../models', import.meta.url));
/** `ichor phantom --cohort FILE --seed N --count N` of each: another number of them is another recipe. */
const PHANTOMS = [21, 22].map((seed) => ({ seed, count: 200, cohort: TRAINING_COHORT }));
const QUIET_PHANTOMS = [{ seed: 24, count: 60, cohort: path.join(models, 'phantom-quiet-cohort.json') }];
const recordFile = path.join(models, 'cross-validation.json');
const folds = foldsSchema.parse(JSON.parse(await readFile(path.join(models, 'ct-ich-folds.json'), 'utf8')));
const recipe = DEFAULT_RECIPE;
const foldFolder = path.join(values.work, 'cv');
const progress = createProgressDisplay();
try {
  await trainAndMeasure(values['cross-validate']?.split(',') ?? []);
} catch (thrown) {
  progress.stop();
  process.exitCode = reportFailure(thrown);
}

async function trainAndMeasure(wanted: readonly string[]): Promise<void> {
  const runs = wanted.flatMap(runsOf);
  const bundles = !wanted.some((run) => run.includes(':'));
  const cohort = await importCtIch(values.data, recipe.bleedBoxes ? values.boxes : undefined);
  await mkdir(values.work, { recursive: true });
  const phantoms = await makePhantoms(PHANTOMS);
  const { quiet } = recipe.recurrent.shares;
  const quietPhantoms = quiet === undefined ? [] : await makePhantoms(QUIET_PHANTOMS);
  const runtime = await createRuntime({
    device: 'cpu',
    ...(values.threads !== undefined && { threads: Number(values.threads) }),
  });
  const onProgress = progress.listen;
  const { work: folder, mobilenet: mobileNet } = values;
  const workshop = await openWorkshop({ runtime, recipe, mobileNet, folder, onProgress });
  try {
    const task = { runtime, recipe, workshop, cohort, phantoms, quietPhantoms, onProgress };
    await crossValidate({ ...task, folds, runs, folder: foldFolder, log: logTo('cv.jsonl') });
    if (!bundles) return;
    // Before the model's training, not after it: without figures it gets no card
    const figures = await measured();
    const weights = await trainDefault({ ...task, folder, log: logTo('default.jsonl') });
    await bundle(weights, figures);
  } finally {
    progress.stop();
    await workshop.close();
    await runtime.close();
  }
}

function logTo(name: string) {
  return (entry: Readonly<Record<string, number | string>>) =>
    void appendFile(path.join(values.work, name), `${JSON.stringify(entry)}\n`);
}

async function makePhantoms(cohorts: typeof PHANTOMS): Promise<LabelledStudy[]> {
  const phantoms: LabelledStudy[] = [];
  for (const cohort of cohorts) {
    const out = path.join(values.phantoms ?? path.join(values.work, 'phantoms'), String(cohort.seed));
    const workers = Math.min(2, availableParallelism());
    await writePhantomCohort({ ...cohort, out, workers }, progress.listen);
    phantoms.push(...labelledCohort(await readCohort(out)).studies);
  }
  return phantoms;
}

/** The model file; where it was measured in this folder, the figures beside it and in the pages too. */
async function bundle(weights: Weights, { files, figures, points, seeds }: Measured): Promise<void> {
  const card = defaultCard(recipe, figures, seeds.length, points);
  await writeFile(path.join(models, 'default.onnx'), exportModel(card, weights));
  progress.stop();
  for (const { figure, value } of card.performance) process.stdout.write(`${figure}: ${value}\n`);
  if (files.length === 0) return;
  const record = {
    schema: 'ichor-cross-validation-1',
    cohort: folds.cohort,
    seeds,
    recipe,
    figures,
    operatingPoints: points,
  };
  await writeFile(recordFile, `${JSON.stringify(record, undefined, 2)}\n`);
  for (const page of ['../README.md', '../docs/model-card.md'])
    await writeFigures(new URL(page, import.meta.url), card.performance);
  const missing = missingOffset(files.filter(({ seed }) => seed === seeds[0]))?.toFixed(2);
  process.stdout.write(`subject's offset ${recipe.recurrent.subjectOffset}, by its rule ${missing} more\n`);
}

interface Measured {
  readonly files: readonly FoldFile[];
  readonly figures: readonly OutOfFoldFigure[];
  readonly points: OperatingPoint[];
  readonly seeds: readonly number[];
}

/** From the folder's folds; where no seed is whole, what is committed, if it is of this recipe. */
async function measured(): Promise<Measured> {
  const files = await readFolds(foldFolder, folds.folds.length);
  if (files.length > 0) {
    const seeds = [...new Set(files.map(({ seed }) => seed))];
    return { files, figures: outOfFoldFigures(files), points: outOfFoldPoints(files), seeds };
  }
  const record = JSON.parse(await readFile(recordFile, 'utf8'));
  if (JSON.stringify(record.recipe) === JSON.stringify(recipe))
    return { files, figures: record.figures, points: record.operatingPoints, seeds: record.seeds };
  const text = `${recordFile} measured another recipe, so that the card would have no figures; add --cross-validate 1`;
  throw new UsageError('recipe-unmeasured', text);
}

/** SEED or SEED:FOLD. */
function runsOf(text: string): FoldRun[] {
  const known = [...folds.folds.keys()];
  const [seed, fold] = text.split(':').map(Number);
  const chosen = fold === undefined ? known : known.filter((one) => one === fold);
  if (seed !== undefined && Number.isInteger(seed) && chosen.length > 0)
    return chosen.map((one) => ({ seed, fold: one }));
  const expected = `give SEED, or SEED:FOLD with a fold from 0 to ${known.length - 1}`;
  throw new UsageError('unknown-run', `--cross-validate ${text}: ${expected}`);
}

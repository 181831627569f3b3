// npm run train:default: the bundled model from its data, or, with --cross-validate, its figures. Goes on where it stopped.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createProgressDisplay } from '../src/cli/progress-bar.ts';
import {
  foldsSchema,
  importCtIch,
  type LabelledStudy,
  labelledCohort,
  readCohort,
} from '../src/cohort/index.ts';
import { exportModel } from '../src/network/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import {
  crossValidate,
  DEFAULT_RECIPE,
  defaultCard,
  type FoldRun,
  missingOffset,
  openWorkshop,
  outOfFoldFigures,
  readFolds,
  trainDefault,
} from '../src/training/index.ts';
import { writeFigures } from './figures-table.ts';

const HELP = `npm run train:default -- [--data DIR] [--mobilenet DIR] [--phantoms DIR,DIR] [--work DIR]
                            [--cross-validate SEEDS] [--threads N]

  --data DIR            PhysioNet CT-ICH 1.0.0 (default ../shared/data/ct-ich)
  --mobilenet DIR       MobileNetV1 1.0 224 in TensorFlow.js layers format (default ../shared/data/mobilenet-v1)
  --phantoms DIR,DIR    phantoms that train as well (default phantoms/21,phantoms/22), made before by
                        ichor phantom --count 200 --seed 21 --out phantoms/21, and the same with 22
  --work DIR            intermediate results, about 20 GB; a stopped run goes on from them (default training-runs/default)
  --cross-validate 1,2  cross-validate with these seeds first; the card's figures come from all finished seeds.
                        1:0,1:3 (SEED:FOLD) does those folds and nothing else: for several processes at once
  --threads N           threads that compute (default: one a core)
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/ct-ich' },
    mobilenet: { type: 'string', default: '../shared/data/mobilenet-v1' },
    phantoms: { type: 'string', default: 'phantoms/21,phantoms/22' },
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
const folds = foldsSchema.parse(JSON.parse(await readFile(path.join(models, 'ct-ich-folds.json'), 'utf8')));
const wanted = values['cross-validate']?.split(',') ?? [];
const runs = wanted.flatMap(runsOf);
const cohort = await importCtIch(values.data);
const phantoms: LabelledStudy[] = [];
for (const folder of values.phantoms.split(','))
  phantoms.push(...labelledCohort(await readCohort(folder)).studies);
await mkdir(values.work, { recursive: true });
const runtime = await createRuntime({
  device: 'cpu',
  ...(values.threads !== undefined && { threads: Number(values.threads) }),
});
const progress = createProgressDisplay();
const recipe = DEFAULT_RECIPE;
const onProgress = progress.listen;
const workshop = await openWorkshop({
  runtime,
  recipe,
  mobileNet: values.mobilenet,
  folder: values.work,
  onProgress,
});
const logTo = (name: string) => (entry: Readonly<Record<string, number | string>>) =>
  void appendFile(path.join(values.work, name), `${JSON.stringify(entry)}\n`);
const shared = { runtime, recipe, workshop, cohort, phantoms, onProgress };
const foldFolder = path.join(values.work, 'cv');
await crossValidate({ ...shared, folds, runs, folder: foldFolder, log: logTo('cv.jsonl') });
if (!wanted.some((run) => run.includes(':'))) await bundle();
progress.stop();
await workshop.close();
await runtime.close();

async function bundle(): Promise<void> {
  const weights = await trainDefault({ ...shared, folder: values.work, log: logTo('default.jsonl') });
  const files = await readFolds(foldFolder, folds.folds.length);
  const figures = outOfFoldFigures(files);
  const seeds = [...new Set(files.map((file) => file.seed))];
  const card = defaultCard(recipe, figures, seeds.length);
  await writeFile(path.join(models, 'default.onnx'), exportModel(card, weights));
  const record = { schema: 'ichor-cross-validation-1', cohort: folds.cohort, seeds, recipe, figures };
  await writeFile(path.join(models, 'cross-validation.json'), `${JSON.stringify(record, undefined, 2)}\n`);
  for (const page of ['../README.md', '../docs/model-card.md'])
    await writeFigures(new URL(page, import.meta.url), card.performance);
  progress.stop();
  for (const { figure, value } of card.performance) process.stdout.write(`${figure}: ${value}\n`);
  const missing = missingOffset(files.filter(({ seed }) => seed === seeds[0]))?.toFixed(2);
  process.stdout.write(`subject's offset ${recipe.recurrent.subjectOffset}, by its rule ${missing} more\n`);
}

/** SEED or SEED:FOLD. */
function runsOf(text: string): FoldRun[] {
  const known = [...folds.folds.keys()];
  const [seed, fold] = text.split(':').map(Number);
  const chosen = fold === undefined ? known : known.filter((one) => one === fold);
  if (seed !== undefined && Number.isInteger(seed) && chosen.length > 0)
    return chosen.map((one) => ({ seed, fold: one }));
  throw new Error(
    `--cross-validate ${text}: give SEED, or SEED:FOLD with a fold from 0 to ${known.length - 1}`,
  );
}

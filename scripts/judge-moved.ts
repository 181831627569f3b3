// npm run test:moved: whether a subject lags behind its slices where real blood shows on one, two and three slices: what lies within
// the boxes of a patient of CT-ICH, moved into heads of others without hemorrhage. --folds DIR: each by the model of a
// cross-validation that saw neither of the two; without it the bundled model, which trained on all of them.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createProgressDisplay, reportFailure } from '../src/cli/index.ts';
import { foldsSchema, importCtIch, type LabelledStudy, splitByFold } from '../src/cohort/index.ts';
import { exportModel, type Model, readModel } from '../src/network/index.ts';
import { createPredictor, type Predictor } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { DEFAULT_RECIPE, defaultCard, readWeights } from '../src/training/index.ts';
import { type Answer, answerOf, writeAnswers } from './subject/answers.ts';
import { FEWEST_SLICES } from './subject/bloodiest-slices.ts';
import { bloodSlices, withMovedBlood } from './subject/moved-bleeds.ts';

const models = fileURLToPath(new URL('../models', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/ct-ich' },
    boxes: { type: 'string', default: '../shared/data/ct-ich-boxes/boxes.csv' },
    /** WORK/cv of npm run train:default. */
    folds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'runs/moved.json' },
  },
});
/** Into so many heads of the same fold each patient's blood is moved. */
const HEADS = 3;

const progress = createProgressDisplay();
const runtime = await createRuntime({ device: 'cpu' });
const answers: Answer[] = [];
try {
  const { studies } = await importCtIch(values.data, values.boxes);
  const folds = foldsSchema.parse(JSON.parse(await readFile(path.join(models, 'ct-ich-folds.json'), 'utf8')));
  for (const fold of folds.folds.keys()) {
    progress.listen({ task: 'judging folds', done: fold, total: folds.folds.length });
    const { test } = splitByFold(studies, folds, { fold, validationParts: 0, seed: Number(values.seed) });
    const predictor = createPredictor(await modelOf(fold), runtime);
    await judge(predictor, test);
    await predictor.close();
  }
  progress.stop();
  await writeAnswers(values.out, answers);
} catch (thrown) {
  progress.stop();
  process.exitCode = reportFailure(thrown);
} finally {
  await runtime.close();
}

async function judge(predictor: Predictor, patients: readonly LabelledStudy[]): Promise<void> {
  const heads = patients.filter(({ subject }) => !subject.anyHemorrhage).slice(0, HEADS);
  const volumes = await Promise.all(heads.map((head) => head.load()));
  for (const { study, boxes, load } of patients) {
    if (boxes === undefined) continue;
    const blood = bloodSlices(await load(), boxes);
    for (const [i, head] of volumes.entries())
      for (const slices of FEWEST_SLICES) {
        const volume = withMovedBlood(head, blood, slices);
        const name = `blood of ${study} in ${heads[i]?.study}`;
        const kind = `real blood on ${slices} of about 30 slices`;
        if (volume !== undefined) answers.push(await answerOf(predictor, { kind, name, volume }));
      }
  }
}

async function modelOf(fold: number): Promise<Model> {
  if (values.folds === undefined) {
    const file = path.join(models, 'default.onnx');
    return readModel(await readFile(file), file);
  }
  const file = path.join(values.folds, `seed-${values.seed}-fold-${fold}.weights`);
  return readModel(exportModel(defaultCard(DEFAULT_RECIPE, [], 1, []), await readWeights(file)), file);
}

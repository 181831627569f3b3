// npm run test:phantom-cohort: the bundled model on the phantom test cohort, whose settings were committed before any
// model trained on phantoms: AUC of the subject for hemorrhage, and of each subtype among the bleeding subjects.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageName } from '../src/base/index.ts';
import { createProgressDisplay } from '../src/cli/index.ts';
import { writeFileWhole } from '../src/files/index.ts';
import {
  cohortPhantoms,
  makePhantoms,
  type PhantomProvenance,
  readPhantomCohort,
} from '../src/phantom/index.ts';
import { openModel, readStudy } from '../src/service/index.ts';
import { delong, isEmpty, rankScores } from '../src/statistics/index.ts';

const models = fileURLToPath(new URL('../models', import.meta.url));
const { values } = parseArgs({
  options: {
    cohort: { type: 'string', default: path.join(models, 'phantom-test-cohort.json') },
    model: { type: 'string', default: path.join(models, 'default.onnx') },
    work: { type: 'string', default: 'runs/phantom-test' },
    out: { type: 'string', default: path.join(models, 'phantom-test-results.json') },
    workers: { type: 'string', default: '2' },
  },
});
type Probabilities = Partial<Record<HemorrhageName, number>>;
/** Studies between two writings of what was predicted. */
const SAVED_EVERY = 5;

const settings = readPhantomCohort(await readFile(values.cohort, 'utf8'), values.cohort);
const phantoms = cohortPhantoms(settings);
const folderOf = (seed: number): string => path.join(values.work, 'studies', String(seed));
const progress = createProgressDisplay();
const provenances = await makePhantoms(
  phantoms.map((options) => ({ folder: folderOf(options.seed), options })),
  Number(values.workers),
  progress.listen,
);
const modelSha256 = createHash('sha256')
  .update(await readFile(values.model))
  .digest('hex');
const predicted = await predictAll();
progress.stop();
const results = judged();
await writeFileWhole(values.out, `${JSON.stringify(results, undefined, 2)}\n`);
process.stdout.write(`${results.about}\n`);
for (const { class: name, positives, negatives, auc, low, high } of results.auc)
  process.stdout.write(`${name}: AUC ${auc} (${low} to ${high}), ${positives} of ${positives + negatives}\n`);
process.stdout.write(`written to ${values.out}\n`);

/** Every subject's probabilities, the subtypes' too; those of this model that are there already are kept. */
async function predictAll(): Promise<Record<string, Probabilities>> {
  const file = path.join(values.work, `predictions-${modelSha256.slice(0, 12)}.json`);
  const found: Record<string, Probabilities> = existsSync(file)
    ? JSON.parse(await readFile(file, 'utf8'))
    : {};
  const model = await openModel({ model: values.model, device: 'cpu' });
  for (const [i, { seed }] of phantoms.entries()) {
    progress.listen({ task: 'predicting', done: i, total: phantoms.length });
    if (found[seed] !== undefined) continue;
    const study = await readStudy(path.join(folderOf(seed), 'dicom'));
    const { findings } = await model.predict(study, { operatingPoint: 0, heatMaps: false });
    found[seed] = findings.subject;
    if (i % SAVED_EVERY === 0 || i === phantoms.length - 1) await writeFileWhole(file, JSON.stringify(found));
  }
  await model.close();
  return found;
}

function judged() {
  const isBleeding = (p: PhantomProvenance): boolean => p.bleeds.some((b) => b.slices.length > 0);
  const bleeding = provenances.filter(isBleeding);
  const normal = provenances.filter((p) => !isBleeding(p));
  const parenchymal = bleeding.flatMap((p) => p.bleeds.filter((b) => b.subtype === 'intraparenchymal'));
  const volumes = parenchymal.map((b) => b.measuredMl).sort((a, b) => a - b);
  return {
    schema: 'ichor-phantom-test-1',
    about:
      `${provenances.length} phantoms: ${bleeding.length} bleeding; ${normal.length} normal, of which ` +
      `${normal.filter((p) => p.options.mimics.length > 0).length} with mimics; intervals by DeLong, 95 %`,
    modelSha256,
    cohort: settings.name,
    medianIntraparenchymalMl: rounded(volumes[Math.floor(volumes.length / 2)] ?? 0),
    mostSubarachnoidMm: settings.sizes.subarachnoidMm[1],
    auc: [
      aucOf('anyHemorrhage', provenances),
      ...HEMORRHAGE_SUBTYPE_NAMES.map((name) => aucOf(name, bleeding)),
    ],
  };
}

function aucOf(name: HemorrhageName, subjects: readonly PhantomProvenance[]) {
  const isPositive = subjects.map(({ bleeds }) =>
    bleeds.some((b) => b.slices.length > 0 && (name === 'anyHemorrhage' || b.subtype === name)),
  );
  const scores = subjects.map(({ options }) => predicted[options.seed]?.[name] ?? Number.NaN);
  const area = delong(rankScores(scores, isPositive));
  if (isEmpty(area)) throw new Error(`${name}: ${area.empty}`);
  const positives = isPositive.filter(Boolean).length;
  return {
    class: name,
    positives,
    negatives: subjects.length - positives,
    auc: rounded(area.value),
    low: rounded(area.low),
    high: rounded(area.high),
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}

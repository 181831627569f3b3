// npm run test:external: the bundled model on 60 bleeding patients of another continent and scanner, for testing only:
// nothing was or may be trained, chosen or calibrated on them. Each run is one more row of the results.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RefusedInput } from '../src/base/index.ts';
import { createProgressDisplay, reportFailure } from '../src/cli/index.ts';
import { writeFileWhole } from '../src/files/index.ts';
import { fingerprintOf } from '../src/graph/index.ts';
import { openModel, readStudy, softwareVersion } from '../src/service/index.ts';
import { type ExternalOutcome, externalFigures } from './external/judge.ts';
import { EXTERNAL_FORM, type ExternalPatient, readPheSich } from './external/phe-sich.ts';

const models = fileURLToPath(new URL('../models', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/phe-sich' },
    model: { type: 'string', default: path.join(models, 'default.onnx') },
    work: { type: 'string', default: 'runs/external-test' },
    out: { type: 'string', default: path.join(models, 'external-test-results.json') },
  },
});

/** Stands in the results, whatever they are. */
const ABOUT = {
  schema: 'ichor-external-test-1',
  set: 'PHE-SICH-CT-IDS (Ma et al., Comput Biol Med 2024, doi:10.1016/j.compbiomed.2024.108342), Shengjing Hospital: 60 patients; figures only, no image',
  form: EXTERNAL_FORM.about,
  reference:
    'a slice is positive where a mask of the oedema around the bleed lies on it, negative from three slices away on; those between are not judged; every patient is positive',
  lacks: [
    'no patient without a bleed: nothing here says how often a healthy head is called positive',
    'one kind of bleed, spontaneous into the basal ganglia: nothing here says how thin blood outside the brain is found',
    'intraventricular and subarachnoid blood is not labelled: some bleeds have broken through, so that such a call is not always wrong',
  ],
  seen: [
    'figures of the bundled model on these patients were known when the rows below were made, and named what is to be bettered (the subject lags behind its slices)',
    'nothing was trained, chosen, tuned or calibrated on them: neither weights nor operating points nor the limit of unlike-training',
  ],
} as const;

const progress = createProgressDisplay();
try {
  await judge();
} catch (thrown) {
  progress.stop();
  process.exitCode = reportFailure(thrown);
}

async function judge(): Promise<void> {
  const patients = await readPheSich(values.data);
  const bytes = await readFile(values.model);
  const modelSha256 = createHash('sha256').update(bytes).digest('hex');
  const { outcomes, points, name } = await predictAll(patients, modelSha256);
  progress.stop();
  const run = {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    software: softwareVersion(),
    model: name,
    modelSha256,
    // Of the weights without the card, which may change after a run
    networks: fingerprintOf(bytes),
    ...externalFigures(outcomes, points),
  };
  const earlier = existsSync(values.out) ? JSON.parse(await readFile(values.out, 'utf8')).runs : [];
  await writeFileWhole(
    values.out,
    `${JSON.stringify({ ...ABOUT, runs: [...earlier, run] }, undefined, 2)}\n`,
  );
  process.stdout.write(`${JSON.stringify(run, undefined, 2)}\nwritten to ${values.out}\n`);
}

/** Every patient, subtypes too; what this model has said already is kept in the work folder. */
async function predictAll(patients: readonly ExternalPatient[], modelSha256: string) {
  const file = path.join(values.work, `outcomes-${modelSha256.slice(0, 12)}.json`);
  const outcomes: ExternalOutcome[] = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : [];
  const model = await openModel({ model: values.model, device: 'cpu' });
  for (const [done, patient] of patients.entries()) {
    progress.listen({ task: 'predicting', done, total: patients.length });
    if (outcomes.some((known) => known.patient === patient.patient)) continue;
    outcomes.push(await outcomeOf(model, patient));
    await writeFileWhole(file, JSON.stringify(outcomes));
  }
  await model.close();
  const { operatingPoint, operatingPoints } = model.card;
  const points = operatingPoints ?? [{ name: 'balanced', probability: operatingPoint }];
  return { outcomes, points, name: model.card.name };
}

async function outcomeOf(
  model: Awaited<ReturnType<typeof openModel>>,
  { patient, states, study }: ExternalPatient,
): Promise<ExternalOutcome> {
  try {
    const read = await readStudy([await study()]);
    const { findings } = await model.predict(read, { operatingPoint: 0, heatMaps: false });
    const slices = findings.slices.map(({ anyHemorrhage }) => anyHemorrhage ?? 0);
    const { unlikeTraining: unlike } = findings;
    const over = unlike && { unlikeTraining: unlike.distance / unlike.limit };
    return { patient, subject: findings.subject, slices, states, ...over };
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    return { patient, refused: thrown.code };
  }
}

/** Of the working tree; marked where it differs from what is committed. */
function commit(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
  return `${git('rev-parse', 'HEAD')}${changed ? ' with changes' : ''}`;
}

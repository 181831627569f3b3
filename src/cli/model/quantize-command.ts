import { Command, Option } from 'commander';
import { createRandom, HEMORRHAGE_CLASSES, RefusedInput, type Runtime } from '../../base/index.ts';
import { type LabelledStudy, patientKey, studyKey, trainingCohort } from '../../cohort/index.ts';
import { readWhole, writeFileWhole } from '../../files/index.ts';
import { type Model, readModel, withCard } from '../../network/index.ts';
import { createPredictor, quantiseModel } from '../../prediction/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { seedNumber, wholeNumber } from '../options/numbers.ts';
import { printLines, printText, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';

interface QuantizeFlags {
  readonly cohort: string;
  readonly out: string;
  readonly calibrate: number;
  readonly check: number;
  readonly seed: number;
  readonly device: 'auto' | 'cpu';
}

/** Above this largest difference of a probability the file is not a stand-in for the float32 one. */
const LARGEST_DIFFERENCE = 0.02;

/** `ichor model quantize FILE`: convolutions in 8 bits, and what that changes on patients it was not made with. */
export function quantizeCommand(): Command {
  return new Command('quantize')
    .description(
      "Writes a copy whose convolutions compute in 8 bits, all but a CNN's first, and measures on other patients what that changes.",
    )
    .argument('<FILE>', 'model file')
    .requiredOption('--cohort <PLACE>', 'scans: some say how large activations become, others are compared')
    .requiredOption('--out <FILE>', 'the new model file')
    .option('--calibrate <N>', 'patients whose scans say how large activations become', wholeNumber, 16)
    .option('--check <N>', 'other patients, on whom both files are compared', wholeNumber, 32)
    .option('--seed <S>', 'of who is taken for which', seedNumber, 1)
    .addOption(new Option('--device <NAME>', 'where to compute').choices(['auto', 'cpu']).default('cpu'))
    .addHelpText('after', EXAMPLE)
    .action(quantize);
}

const EXAMPLE = `
Example:
  ichor model quantize runs/compact/model.onnx --cohort phantoms --out model-int8.onnx

Recurrent parts and heat maps stay float32. Take scans that did not train the model.`;

async function quantize(file: string, flags: QuantizeFlags): Promise<void> {
  const model = readModel(await readWhole(file), file);
  const { calibrating, checked } = await readable(await divided(flags));
  const runtime = await createRuntime({ device: flags.device });
  const progress = createProgressDisplay();
  try {
    const scans = calibrating.map((study) => () => study.load());
    const bytes = await quantiseModel(model, { runtime, scans, onProgress: progress.listen });
    const quantised = readModel(bytes, flags.out);
    const found = await compared([model, quantised], checked, runtime, progress.listen);
    progress.stop();
    const text = differenceText(found, checked.length);
    const limits = [...quantised.card.limits, text];
    await writeFileWhole(flags.out, withCard(quantised, { ...quantised.card, limits }));
    const changes = found.changed.map((change) => `  ${change}\n`).join('');
    printLines([`${flags.out}: ${sizeOf(bytes)} (float32: ${sizeOf(model.bytes)})`, text]);
    printText(changes);
  } finally {
    progress.stop();
    await runtime.close();
  }
}

const sizeOf = (bytes: Uint8Array): string => `${(bytes.length / 1e6).toFixed(1)} MB`;

interface QuantizeScans {
  readonly calibrating: readonly LabelledStudy[];
  readonly checked: readonly LabelledStudy[];
}

/** Patients are drawn by the seed; nobody is in both parts. Throws RefusedInput `too-few-patients`. */
async function divided({ cohort, calibrate, check, seed }: QuantizeFlags): Promise<QuantizeScans> {
  const { studies } = await trainingCohort(cohort);
  const patients = createRandom(seed).shuffle([...new Set(studies.map(patientKey))].sort());
  if (patients.length < 2)
    throw new RefusedInput(
      'too-few-patients',
      `${cohort} has ${patients.length} patients; two parts need at least 2`,
    );
  const kept = Math.min(calibrate, Math.ceil(patients.length / 2));
  const of = (part: readonly string[]) => studies.filter((study) => part.includes(patientKey(study)));
  return { calibrating: of(patients.slice(0, kept)), checked: of(patients.slice(kept, kept + check)) };
}

/** A scan that is refused is left out and named. Throws RefusedInput `no-scan-readable` where a part loses all. */
async function readable({ calibrating, checked }: QuantizeScans): Promise<QuantizeScans> {
  const parts = { calibrating: await thoseRead(calibrating), checked: await thoseRead(checked) };
  if (parts.calibrating.length > 0 && parts.checked.length > 0) return parts;
  throw new RefusedInput('no-scan-readable', 'of one of the two parts no scan can be read: see above');
}

async function thoseRead(studies: readonly LabelledStudy[]): Promise<LabelledStudy[]> {
  const read: LabelledStudy[] = [];
  for (const study of studies)
    try {
      await study.load();
      read.push(study);
    } catch (thrown) {
      if (!(thrown instanceof RefusedInput)) throw thrown;
      warnLines([`left out: ${thrown.message}`]);
    }
  return read;
}

interface Differences {
  readonly largest: number;
  /** Decisions at the operating point that differ, in words. */
  readonly changed: readonly string[];
  readonly decisions: number;
}

async function compared(
  models: readonly [Model, Model],
  studies: readonly LabelledStudy[],
  runtime: Runtime,
  onProgress: ReturnType<typeof createProgressDisplay>['listen'],
): Promise<Differences> {
  const predictors = models.map((model) => createPredictor(model, runtime));
  const point = models[0].card.operatingPoint;
  let [largest, decisions] = [0, 0];
  const changed: string[] = [];
  for (const [done, study] of studies.entries()) {
    onProgress({ task: 'comparing with float32', done, total: studies.length });
    const volume = await study.load();
    const [before, after] = await Promise.all(
      predictors.map((p) => p.predict(volume, { heatMaps: false, operatingPoint: 0 })),
    );
    const units = [
      { where: 'subject', one: before?.subject, other: after?.subject },
      ...(before?.slices ?? []).map((one, i) => ({ where: `slice ${i + 1}`, one, other: after?.slices[i] })),
    ];
    for (const { where, one, other } of units)
      for (const { name } of HEMORRHAGE_CLASSES) {
        const [p, q] = [one?.[name], other?.[name]];
        if (p === undefined || q === undefined) continue;
        decisions++;
        largest = Math.max(largest, Math.abs(p - q));
        if (p >= point !== q >= point)
          changed.push(`${studyKey(study)}, ${where}, ${name}: ${p.toFixed(3)} became ${q.toFixed(3)}`);
      }
  }
  for (const predictor of predictors) await predictor.close();
  return { largest, changed, decisions };
}

function differenceText({ largest, changed, decisions }: Differences, studies: number): string {
  const verdict = largest <= LARGEST_DIFFERENCE ? 'within' : 'MORE THAN';
  return (
    `int8 against float32 on ${studies} other scans: largest difference of a probability ${largest.toFixed(4)}, ` +
    `${verdict} the ${LARGEST_DIFFERENCE} allowed; ${changed.length} of ${decisions} decisions change`
  );
}

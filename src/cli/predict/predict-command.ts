import { Command } from 'commander';
import { refuseUnwritable } from '../../files/index.ts';
import { operatingPointOf } from '../../network/index.ts';
import { DEFAULT_MODEL_PATH, openModel } from '../../service/index.ts';
import { deviceOption } from '../options/device.ts';
import { operatingPointOption, type PredictFlags, wholeNumber } from '../options/numbers.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { inputsOf } from './inputs.ts';
import { predictBatch } from './predict-batch.ts';

export function predictCommand(): Command {
  return new Command('predict')
    .description('Looks for intracranial hemorrhage in head CT studies and writes a report of each.')
    .argument('[STUDY...]', 'DICOM file, folder, zip, disc with a DICOMDIR, or NIfTI file')
    .option('--list <FILE>', 'predict what this file names too, one STUDY per line; - reads standard input')
    .option('--model <FILE>', 'model file', DEFAULT_MODEL_PATH)
    .option('--out <DIR>', 'where the reports go, one folder per study', 'ichor-out')
    .addOption(deviceOption())
    .option('--threads <N>', "threads of the CPU's kernels (default: all cores)", wholeNumber)
    .option('--series <UID|N>', 'read this series of the study, by its UID or Series Number')
    .option(
      '--operating-point <NAME|P>',
      "positive from here on: one of the model's points (balanced, triage), or a probability (default: the model's)",
      operatingPointOption,
    )
    .option('--key-images', 'write PNG pictures of the most suspicious slices too')
    .option(
      '--show-identity',
      "put the patient's name, ID, birth date, sex and age, the study's date and accession number on the page",
    )
    .option('--dicom', 'write DICOM objects for an archive too: structured report, key images, segmentation')
    .option('--parametric-map', 'with --dicom: the heat maps as Parametric Maps too')
    .option('--json', 'print predictions as JSON lines on stdout, and nothing else there')
    .option(
      '--skip-existing',
      'leave out studies that DIR has a prediction of, by this model at this operating point',
    )
    .option('--no-heat-maps', 'leave the heat maps out')
    .addHelpText('after', HELP)
    .action(async (inputs: string[], flags: PredictFlags) => {
      process.exitCode = await predictPaths(inputs, flags);
    });
}

const HELP = `
Examples:
  ichor predict head-ct/ --out reports --key-images
  ichor predict head-ct/ --operating-point triage
  ichor predict scans/*.zip --out reports --json > predictions.jsonl
  find /srv/inbox -name '*.zip' | ichor predict --list - --out reports --skip-existing

Exit codes: 0 all predicted; 1 a fault, also of one study; 2 wrong usage, and nothing was tried;
3 a study was refused, the others are predicted; 130 stopped by Ctrl-C, 143 by SIGTERM.
Research use only. Not a medical device.`;

/** Opens model and device once, predicts all inputs, and closes them whatever happens. Returns the exit code. */
export async function predictPaths(named: readonly string[], flags: PredictFlags): Promise<number> {
  const signal = interruptSignal();
  const inputs = await inputsOf(named, flags.list, signal);
  await refuseUnwritable(flags.out);
  const model = await openModel({ ...flags, signal });
  const progress = createProgressDisplay();
  try {
    // A name that the model does not have is told before anything is read
    operatingPointOf(model.card, flags.operatingPoint);
    return await predictBatch({ flags, model, progress, signal }, inputs);
  } finally {
    progress.stop();
    await model.close();
  }
}

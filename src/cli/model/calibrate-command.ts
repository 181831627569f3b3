import { Command, Option } from 'commander';
import { DEFAULT_OPTIONS, fitCalibration, readOpinionsFile } from '../../evaluation/index.ts';
import { readWhole, writeFileWhole } from '../../files/index.ts';
import { readModel, type StoredCalibration, withCard } from '../../network/index.ts';
import { printLines, warnLines } from '../terminal/print.ts';

interface CalibrateFlags {
  readonly opinions: string;
  readonly kind: StoredCalibration['kind'];
  readonly reader?: string;
  readonly set: string;
  readonly out: string;
}

/** `ichor model calibrate FILE`: a map of its probabilities, fitted on validation subjects and stored in the file. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description(
      "Fits temperature or Platt scaling of a model's subject probabilities and stores it in a copy of the file.",
    )
    .argument('<FILE>', 'model file')
    .requiredOption('--opinions <CSV>', 'what the model says of labelled studies, as ichor evaluate reads it')
    .requiredOption('--out <FILE>', 'the new model file')
    .addOption(new Option('--kind <NAME>', 'the map').choices(['temperature', 'platt']).default('platt'))
    .option('--reader <NAME>', "the model's name in the CSV (default: the name on its card)")
    .option('--set <NAME>', 'the set to fit on', DEFAULT_OPTIONS.chooseOn)
    .addHelpText('after', EXAMPLE)
    .action(calibrate);
}

const EXAMPLE = `
Example:
  ichor model calibrate models/default.onnx --opinions opinions.csv --out calibrated.onnx

Predictions then carry the calibrated probability beside the plain one; positive still means the plain one.
Never fit on the subjects that you report on.`;

async function calibrate(file: string, flags: CalibrateFlags): Promise<void> {
  const model = readModel(await readWhole(file), file);
  const opinions = await readOpinionsFile(flags.opinions);
  const { stored, left } = fitCalibration(opinions, {
    kind: flags.kind,
    reader: flags.reader ?? model.card.name,
    set: flags.set,
  });
  await writeFileWhole(flags.out, withCard(model, { ...model.card, calibration: [...stored] }));
  warnLines(left.map((reason) => `not calibrated, ${reason}`));
  printLines([`${flags.out}: ${stored.length} classes calibrated on set ${flags.set}`]);
}

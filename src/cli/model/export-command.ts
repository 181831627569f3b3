import { Command } from 'commander';
import { trainingCohorts } from '../../cohort/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import { exportRun } from '../../training/index.ts';
import { printLines } from '../terminal/print.ts';

/** `ichor model export RUN`: the model file of a training, also of one that is still going on. */
export function exportCommand(): Command {
  return new Command('export')
    .description(
      "Writes a training's best weights so far as a model file: HU in, probabilities and heat maps out.",
    )
    .argument('<RUN>', "a training's folder")
    .requiredOption(
      '--cohort <DIR...>',
      'what it trains on, one place or several, for the attribution in the card',
    )
    .requiredOption('--out <FILE>', 'the model file')
    .addHelpText(
      'after',
      '\nExample:\n  ichor model export runs/compact --cohort ct-ich --out so-far.onnx\n\nA training that ended has written model.onnx itself.',
    )
    .action(async (run: string, { cohort, out }: { cohort: readonly string[]; out: string }) => {
      const { bytes, about } = await exportRun(run, await trainingCohorts(cohort));
      await writeFileWhole(out, bytes);
      printLines([`${out}: ${about}`]);
    });
}

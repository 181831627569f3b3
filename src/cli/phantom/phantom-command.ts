import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { type PhantomCohortTask, TRAINING_COHORT, writePhantomCohort } from '../../phantom/index.ts';
import { wholeNumber } from '../options/numbers.ts';
import { printLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';

/** `ichor phantom`: synthetic head CTs with known bleeds and their labels. */
export function phantomCommand(): Command {
  return new Command('phantom')
    .description('Makes synthetic head CT studies with known bleeds, as DICOM with labels and masks.')
    .option('--count <N>', 'how many studies; without it the number that the cohort has', wholeNumber)
    .option(
      '--seed <S>',
      'the same seed gives the same studies; without it the seeds of the cohort',
      wholeNumber,
    )
    .option('--out <DIR>', 'a folder for each study, and manifest.csv with the labels', 'ichor-phantoms')
    .option('--cohort <FILE>', 'settings: scanners, findings, sizes of bleeds', TRAINING_COHORT)
    .option('--workers <N>', 'threads', wholeNumber, Math.min(2, availableParallelism()))
    .addHelpText(
      'after',
      '\nStudies that are there already are kept: a run that was stopped goes on.' +
        '\n\nExample:\n  ichor phantom --count 20 --seed 7 --out phantoms',
    )
    .action((flags: PhantomCohortTask) => runPhantom(flags));
}

async function runPhantom(flags: PhantomCohortTask): Promise<void> {
  const progress = createProgressDisplay();
  const studies = await writePhantomCohort(flags, progress.listen);
  progress.stop();
  printLines([`${studies} studies and manifest.csv are in ${flags.out}`]);
}

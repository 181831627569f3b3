import { Command, InvalidArgumentError } from 'commander';
import { seedNumber, wholeNumber } from '../options/numbers.ts';
import { PAPER_SHARES_TEXT, sharesOption } from '../options/shares.ts';
import { importPlaces } from './import-places.ts';
import { inspectPlaces } from './inspect-places.ts';
import { splitPlaces } from './split-places.ts';
import { verifyPlaces } from './verify-places.ts';

const PLACES = 'data set folder, manifest or store';
/** Places first: an option that takes several files would take those that follow it for its own. */
const USAGE = '<PLACE...> [options]';

/** `ichor cohort import | inspect | split | verify`. */
export function cohortCommand(): Command {
  return new Command('cohort')
    .description('Labelled head CT collections: import, describe, divide, check (docs/cohorts.md).')
    .addCommand(importCommand().exitOverride())
    .addCommand(inspectCommand().exitOverride())
    .addCommand(splitCommand().exitOverride())
    .addCommand(verifyCommand().exitOverride());
}

function importCommand(): Command {
  return new Command('import')
    .description('Decodes labelled scans once into a store that training reads; goes on where it was cut.')
    .usage(USAGE)
    .argument('<PLACE...>', 'data set folder or manifest')
    .requiredOption('--out <STORE>', 'folder of the store: new, empty, or a store that is to grow')
    .option('--threads <N>', 'studies decoded at once (default: all cores)', wholeNumber)
    .option('--json', 'print a summary as JSON on stdout, and nothing else there')
    .addHelpText('after', '\nExample:\n  ichor cohort import rsna-2019/ bhsd/ --out store')
    .action(setExitCode(importPlaces));
}

function inspectCommand(): Command {
  return new Command('inspect')
    .description('Demographics, agreement of readers, scanners, and counts by class and part.')
    .usage(USAGE)
    .argument('<PLACE...>', PLACES)
    .option('--split <FILE>', 'count by the parts of this split, or by its folds')
    .option('--out <DIR>', 'write tables as CSV, Markdown and LaTeX, and figures as SVG')
    .option('--json', 'print the tables as JSON on stdout, and nothing else there')
    .addHelpText('after', '\nExample:\n  ichor cohort inspect store --split split.json --out cohort-tables')
    .action(setExitCode(inspectPlaces));
}

function splitCommand(): Command {
  return new Command('split')
    .description('Divides patients, all of their scans together, by subtype and seed.')
    .usage(USAGE)
    .argument('<PLACE...>', PLACES)
    .requiredOption('--out <FILE>', 'the split, as JSON')
    .option(
      '--shares <T,V,T>',
      `per cent for training, validation and test (default ${PAPER_SHARES_TEXT})`,
      sharesOption,
    )
    .option('--folds <K>', 'k folds in place of three parts', foldCount)
    .option('--keep <FILE...>', 'splits made before: their patients stay where they are')
    .option('--seed <S>', 'the same seed gives the same split', seedNumber, 2019)
    .addHelpText('after', '\nExample:\n  ichor cohort split rsna-store bhsd-store --out split.json')
    .action(setExitCode(splitPlaces));
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Reads every study and lists what the checks say.')
    .usage(USAGE)
    .argument('<PLACE...>', PLACES)
    .option('--threads <N>', 'studies read at once (default: all cores)', wholeNumber)
    .option('--split <FILE...>', 'hold these splits, or folds, to the scans: no patient on both sides')
    .option('--json', 'print checks as JSON lines on stdout, and nothing else there')
    .addHelpText('after', '\nExample:\n  ichor cohort verify cq500/ --json')
    .action(setExitCode(verifyPlaces));
}

const setExitCode =
  <Flags>(run: (places: readonly string[], flags: Flags) => Promise<number>) =>
  async (places: readonly string[], flags: Flags): Promise<void> => {
    process.exitCode = await run(places, flags);
  };

function foldCount(text: string): number {
  const count = wholeNumber(text);
  if (count >= 2) return count;
  throw new InvalidArgumentError('expected at least 2');
}

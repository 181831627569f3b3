import { Command } from 'commander';
import { readWhole } from '../../files/index.ts';
import { describeResult } from '../../results/index.ts';
import { printLines } from '../terminal/print.ts';

const EXAMPLE = '\nExample:\n  ichor results show ichor-out/*/dicom/report.dcm';

/** `ichor results show`. */
export function resultsCommand(): Command {
  const results = new Command('results')
    .description('DICOM objects and fhir.json that predict --dicom wrote.')
    .addHelpText('after', EXAMPLE);
  results
    .command('show')
    .exitOverride()
    .description('Prints what Ichor reads back from them: probabilities, codes, references; no identity.')
    .argument('<FILE...>', 'DICOM object or fhir.json of Ichor')
    .addHelpText('after', EXAMPLE)
    .action(async (files: string[]) => {
      for (const file of files) {
        const lines = describeResult(await readWhole(file), file);
        printLines([`${file}:`, ...lines]);
      }
    });
  return results;
}

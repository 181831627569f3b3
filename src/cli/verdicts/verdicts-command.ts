import { Command } from 'commander';
import { exportLabels } from '../../server/index.ts';
import { printLines } from '../terminal/print.ts';

interface ExportFlags {
  readonly data: string;
  readonly out: string;
  readonly source: string;
}

const EXAMPLE = `
Example:
  ichor verdicts export --data /srv/ichor --out judged
  ichor cohort inspect judged`;

/** `ichor verdicts export`. */
export function verdictsCommand(): Command {
  const verdicts = new Command('verdicts')
    .description("Readers' verdicts of ichor serve.")
    .addHelpText('after', EXAMPLE);
  verdicts
    .command('export')
    .exitOverride()
    .description(
      'Writes a labelled cohort of the studies that readers judged, for train and evaluate. It holds the objects as they were received, with all that they say of the patient.',
    )
    .option('--data <DIR>', 'of ichor serve, which may run meanwhile', 'ichor-data')
    .requiredOption('--out <DIR>', 'where manifest.csv and the studies go')
    .option('--source <NAME>', 'whose data it is, for figures by source', 'own')
    .addHelpText('after', EXAMPLE)
    .action(async ({ data, out, source }: ExportFlags) => {
      const { manifest, studies, rows, leftOut } = await exportLabels(data, out, source);
      const missing = `left out: ${leftOut} judged studies that retention removed before they were exported`;
      printLines([`${manifest}: ${studies} judged studies, ${rows} rows`, ...(leftOut > 0 ? [missing] : [])]);
    });
  return verdicts;
}

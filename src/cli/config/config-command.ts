import { Command } from 'commander';
import { readSettings, settingsExample } from '../../server/index.ts';
import { printLines, printText } from '../terminal/print.ts';

const EXAMPLE = `
Example:
  ichor config example > ichor.yaml
  ichor config check ichor.yaml
  ichor serve --config ichor.yaml`;

/** `ichor config example` and `ichor config check`. */
export function configCommand(): Command {
  const config = new Command('config')
    .description('The configuration file of ichor serve.')
    .addHelpText('after', EXAMPLE);
  config
    .command('example')
    .exitOverride()
    .description('Prints an annotated file: every key, what it is for, and its default.')
    .addHelpText('after', EXAMPLE)
    .action(() => printText(settingsExample()));
  config
    .command('check')
    .exitOverride()
    .description('Checks a file as ichor serve does at its start, and names each key that is wrong.')
    .argument('<FILE>', 'configuration file, YAML or JSON')
    .addHelpText('after', EXAMPLE)
    .action(async (file: string) => {
      await readSettings(file);
      printLines([`${file}: all settings are right; ichor doctor tries what they name`]);
    });
  return config;
}

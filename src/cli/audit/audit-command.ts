import { Command } from 'commander';
import { type NumberedEntry, readAudit, verifyAudit } from '../../server/index.ts';
import { addDataFlags, type DataFlags, dataFolder } from '../options/data-folder.ts';
import { wholeNumber } from '../options/numbers.ts';
import { printJson, printLines } from '../terminal/print.ts';

const EXAMPLE = `
Example:
  ichor audit verify --data /srv/ichor
  ichor audit show --data /srv/ichor --study 1.2.826.0.1.3680043 --last 20`;

interface ShowFlags extends DataFlags {
  readonly study?: string;
  readonly who?: string;
  readonly last: number;
  readonly json?: boolean;
}

/** `ichor audit verify` and `ichor audit show`. */
export function auditCommand(): Command {
  const audit = new Command('audit')
    .description('The trail of who saw, changed and exported what in ichor serve.')
    .addHelpText('after', EXAMPLE);
  const command = (name: string, description: string): Command =>
    addDataFlags(audit.command(name).exitOverride().description(description)).addHelpText('after', EXAMPLE);

  command(
    'verify',
    'Finds a line that was changed, removed, put in, moved or cut off; ends with 1 then.',
  ).action(async (flags: DataFlags) => {
    const { lines, sum } = await verifyAudit(await dataFolder(flags));
    printLines([`The audit trail is whole: ${lines} lines, the last one with checksum ${sum}.`]);
  });
  command('show', 'Prints the newest lines, the oldest of them first.')
    .option('--study <UID>', 'only lines of this study')
    .option('--who <NAME>', 'only lines of this user or token')
    .option('--last <N>', 'how many', wholeNumber, 50)
    .option('--json', 'as JSON lines')
    .action(async (flags: ShowFlags) => {
      const { study, who, last } = flags;
      const found = await readAudit(await dataFolder(flags), { study, who, most: last });
      for (const entry of found.reverse())
        if (flags.json) printJson(entry);
        else printLines([lineOf(entry)]);
    });
  return audit;
}

const lineOf = ({ at, action, who, address, what, study, to, account, state }: NumberedEntry): string =>
  [
    at,
    who,
    action,
    account,
    state,
    what,
    study && `study ${study}`,
    to && `to ${to}`,
    address && `from ${address}`,
  ]
    .filter((part) => part !== undefined)
    .join('  ');

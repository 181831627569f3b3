import { Command } from 'commander';
import { addToken, type PersonRole, readAccounts, revokeToken } from '../../server/index.ts';
import { addDataFlags, type DataFlags, dataFolder } from '../options/data-folder.ts';
import { wholeNumber } from '../options/numbers.ts';
import { roleOption } from '../options/role.ts';
import { printLines, warnLines } from '../terminal/print.ts';

const EXAMPLE = `
Example:
  ichor token add ris --role reader --days 90
  curl -H "Authorization: Bearer $TOKEN" https://ct.example/api/worklist`;

/** `ichor token add`, `list`, `revoke`. */
export function tokenCommand(): Command {
  const token = new Command('token')
    .description('What programs show to ichor serve in place of a login; only its SHA-256 is kept.')
    .addHelpText('after', EXAMPLE);
  const command = (name: string, description: string): Command =>
    addDataFlags(token.command(name).exitOverride().description(description)).addHelpText('after', EXAMPLE);

  command('add', 'Makes a token and prints it, this once.')
    .argument('<NAME>', 'of the program, which stands in the audit trail')
    .addOption(roleOption())
    .option('--days <N>', 'how long it serves', wholeNumber, 365)
    .action(async (name: string, flags: DataFlags & { readonly role: PersonRole; readonly days: number }) => {
      const made = await addToken(await dataFolder(flags), name, flags.role, flags.days);
      warnLines([`The token of ${name}, ${flags.role} for ${flags.days} days; it is shown this once:`]);
      printLines([made]);
    });
  command('list', 'Lists all by name, role and end; the tokens themselves are kept nowhere.').action(
    async (flags: DataFlags) => {
      const { tokens } = await readAccounts(await dataFolder(flags));
      printLines(tokens.map(({ name, role, expiresAt }) => `${name}  ${role}  until ${expiresAt}`));
    },
  );
  command('revoke', 'Ends a token at once.')
    .argument('<NAME>')
    .action(async (name: string, flags: DataFlags) => {
      await revokeToken(await dataFolder(flags), name);
      printLines([`The token ${name} is revoked.`]);
    });
  return token;
}

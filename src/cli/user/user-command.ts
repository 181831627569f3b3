import { Command } from 'commander';
import { addUser, changeUser, type PersonRole, readAccounts } from '../../server/index.ts';
import { addDataFlags, type DataFlags, dataFolder } from '../options/data-folder.ts';
import { roleOption } from '../options/role.ts';
import { askPassword } from '../terminal/ask-password.ts';
import { printLines } from '../terminal/print.ts';

const EXAMPLE = `
Example:
  ichor user add anna.berg --role reader
  ichor user list --data /srv/ichor

Passwords are asked for on the terminal, or read from standard input; a service that runs sees each change at once.`;

/** `ichor user add`, `list`, `password`, `role`, `disable`, `enable`. */
export function userCommand(): Command {
  const user = new Command('user')
    .description('The people who may use ichor serve: names, roles and passwords, kept in its data folder.')
    .addHelpText('after', EXAMPLE);
  const command = (name: string, description: string): Command =>
    addDataFlags(user.command(name).exitOverride().description(description)).addHelpText('after', EXAMPLE);

  command('add', 'Adds a person, and asks for the password.')
    .argument('<NAME>', 'by which the person logs in, and which stands in the audit trail')
    .addOption(roleOption())
    .action(async (name: string, flags: DataFlags & { readonly role: PersonRole }) => {
      await addUser(await dataFolder(flags), name, flags.role, await askPassword(name));
      printLines([`${name} is added as ${flags.role}.`]);
    });
  command('list', 'Lists all, without passwords.').action(async (flags: DataFlags) => {
    const { users } = await readAccounts(await dataFolder(flags));
    printLines(users.map(({ name, role, disabled }) => `${name}  ${role}${disabled ? '  disabled' : ''}`));
  });
  command('password', 'Asks for a new password, and ends the sessions of the person.')
    .argument('<NAME>')
    .action(async (name: string, flags: DataFlags) => {
      await changeUser(await dataFolder(flags), name, { password: await askPassword(name) });
      printLines([`The password of ${name} is changed.`]);
    });
  command('role', 'Changes what a person may do.')
    .argument('<NAME>')
    .addOption(roleOption())
    .action(async (name: string, flags: DataFlags & { readonly role: PersonRole }) => {
      await changeUser(await dataFolder(flags), name, { role: flags.role });
      printLines([`${name} is ${flags.role} now.`]);
    });
  const allowances = [
    ['disable', true, 'Ends the sessions of a person, who can log in no more.'],
    ['enable', false, 'Lets a disabled person log in again.'],
  ] as const;
  for (const [verb, disabled, description] of allowances)
    command(verb, description)
      .argument('<NAME>')
      .action(async (name: string, flags: DataFlags) => {
        await changeUser(await dataFolder(flags), name, { disabled });
        printLines([`${name} is ${verb}d.`]);
      });
  return user;
}

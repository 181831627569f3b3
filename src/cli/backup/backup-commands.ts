import { Command } from 'commander';
import { backUp, type CopiedArchive, restore } from '../../archive/index.ts';
import { printLines } from '../terminal/print.ts';

const data = ['--data <DIR>', "the service's data folder", 'ichor-data'] as const;

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'Copies all that a triage service keeps: journal, objects, results, users. The service may go on meanwhile.',
    )
    .argument('<OUT>', 'folder of the backup; one that is there already is brought up to date')
    .option(...data)
    .addHelpText('after', '\nExample:\n  ichor backup /mnt/backup/ichor --data /srv/ichor')
    .action(async (out: string, flags: { readonly data: string }) => {
      printLines([`Backed up ${textOf(await backUp(flags.data, out))}.`]);
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description(
      'Puts a backup into an empty folder, and holds each object and result to the checksum in the journal.',
    )
    .argument('<IN>', 'folder of the backup')
    .option(...data)
    .addHelpText('after', '\nExample:\n  ichor restore /mnt/backup/ichor --data /srv/ichor-new')
    .action(async (backup: string, flags: { readonly data: string }) => {
      printLines([
        `Restored ${textOf(await restore(backup, flags.data))}.`,
        `Start with: ichor serve --data ${flags.data} (with --database, give --rebuild once)`,
      ]);
    });
}

const textOf = ({ studies, objects, results }: CopiedArchive): string =>
  `${studies} studies with ${objects} objects and ${results} results`;

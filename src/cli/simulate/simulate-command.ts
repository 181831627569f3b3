import { Command } from 'commander';
import { scannerCommand } from './scanner-command.ts';
import { shiftCommand } from './shift-command.ts';

/** `ichor simulate`: trials of the service without patients. */
export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('Trials of the service without patients.')
    .addCommand(shiftCommand())
    .addCommand(scannerCommand());

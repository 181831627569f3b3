#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { softwareVersion } from '../library/index.ts';
import { cohortCommand } from './cohort-command.ts';
import { demoCommand } from './demo-command.ts';
import { evaluateCommand } from './evaluate-command.ts';
import { reportFailure } from './exit.ts';
import { experimentCommand } from './experiment-command.ts';
import { modelCommand } from './model-command.ts';
import { phantomCommand } from './phantom-command.ts';
import { predictCommand } from './predict-command.ts';
import { trainCommand } from './train-command.ts';

/** Each makes its own command; a row a command. */
const COMMANDS: readonly (() => Command)[] = [
  predictCommand,
  trainCommand,
  evaluateCommand,
  experimentCommand,
  cohortCommand,
  phantomCommand,
  modelCommand,
  demoCommand,
];

const program = new Command('ichor')
  .description(
    'Finds intracranial hemorrhage on non-contrast head CT.\nResearch use only. Not a medical device. Not for diagnostic use.',
  )
  .version(softwareVersion())
  .showHelpAfterError('(ichor --help lists the commands)')
  .exitOverride();

for (const command of COMMANDS) program.addCommand(command().exitOverride());

try {
  await program.parseAsync(process.argv);
} catch (thrown) {
  process.exitCode = thrown instanceof CommanderError ? usageExitCode(thrown) : reportFailure(thrown);
}

/** Commander ends with 0 after --help and --version; anything else it throws is wrong usage. */
function usageExitCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}

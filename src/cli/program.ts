import { Command, CommanderError } from 'commander';
import { softwareVersion } from '../service/index.ts';
import { COMMANDS } from './commands.ts';
import { reportFailure } from './terminal/exit.ts';

const HELP = `
Examples:
  ichor predict head-ct/ --out reports
  ichor predict --help

ICHOR_DEBUG=1 in the environment adds the stack to a fault's message.`;

/** As a shell tells of a process that SIGPIPE ended. */
const READER_GONE = 141;

const program = new Command('ichor')
  .description(
    'Finds intracranial hemorrhage on non-contrast head CT.\nResearch use only. Not a medical device. Not for diagnostic use.',
  )
  .version(softwareVersion())
  .addHelpText('after', HELP)
  .showHelpAfterError('(ichor --help lists the commands)')
  .exitOverride();

// A reader that has seen enough (ichor ... | head) is no fault
process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
  process.exit(thrown.code === 'EPIPE' ? READER_GONE : reportFailure(thrown));
});

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

import { Command, CommanderError } from 'commander';
import { RESEARCH_USE } from '../base/index.ts';
import { COMMANDS, type CommandRow } from './commands.ts';
import { PACKAGE } from './package.ts';
import { reportFailure } from './terminal/exit.ts';

const HELP = `
Examples:
  ichor predict head-ct/ --out reports
  ichor predict --help

ICHOR_DEBUG=1 in the environment adds the stack to a fault's message.`;

/** As a shell tells of a process that SIGPIPE ended. */
const READER_GONE = 141;

const program = new Command('ichor')
  .description(`Finds intracranial hemorrhage on non-contrast head CT.\n${RESEARCH_USE}`)
  .version(PACKAGE.version)
  .addHelpText('after', HELP)
  .showHelpAfterError('(ichor --help lists the commands)')
  .exitOverride();

// A reader that has seen enough (ichor ... | head) is no fault
process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
  process.exit(thrown.code === 'EPIPE' ? READER_GONE : reportFailure(thrown));
});

for (const row of COMMANDS) program.addCommand((await commandOf(row)).exitOverride());

try {
  await program.parseAsync(process.argv);
} catch (thrown) {
  process.exitCode = thrown instanceof CommanderError ? usageExitCode(thrown) : reportFailure(thrown);
}

/** The command itself where an argument names it, also behind `help`; else its line in the list. */
async function commandOf({ name, summary, load }: CommandRow): Promise<Command> {
  return process.argv.slice(2).includes(name) ? load() : new Command(name).description(summary);
}

/** Commander ends with 0 after --help and --version; anything else it throws is wrong usage. */
function usageExitCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}

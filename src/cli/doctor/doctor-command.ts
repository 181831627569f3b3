import { Command } from 'commander';
import { EXIT_CODE } from '../../base/index.ts';
import { examine, type Finding, findingOf } from '../../server/index.ts';
import { addServeFlags, type ServeFlags, settingsOf } from '../serve/serve-flags.ts';
import { printJson, printLines } from '../terminal/print.ts';

const HELP = `
Example:
  ichor doctor --config ichor.yaml

Exit codes: 0 nothing is wrong, warnings aside; 1 something is. No identity and no secret is printed: paste it into a bug report.`;

/** `ichor doctor`: takes what `ichor serve` takes. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'Tries what ichor serve needs: configuration, folders, disk, ports, destinations, users, TLS, clock, model.',
  );
  return addServeFlags(command)
    .option('--json', 'as JSON lines')
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      const findings = await findingsOf(flags);
      for (const finding of findings)
        if (flags.json) printJson(finding);
        else printLines([lineOf(finding)]);
      const isFaulty = findings.some(({ state }) => state === 'fault');
      process.exitCode = isFaulty ? EXIT_CODE.fault : EXIT_CODE.predicted;
    });
}

async function findingsOf(flags: ServeFlags): Promise<Finding[]> {
  const settings = settingsOf(flags);
  const configuration = await findingOf('configuration', async () => {
    await settings;
    return { text: flags.config ?? 'no file: defaults and options' };
  });
  return configuration.state === 'fault'
    ? [configuration]
    : [configuration, ...(await examine(await settings))];
}

const WORDS = { well: 'well   ', warning: 'WARNING', fault: 'FAULT  ' } as const;

const lineOf = ({ name, state, text, code }: Finding): string =>
  `${WORDS[state]}  ${name}: ${text}${code === undefined ? '' : ` [${code}]`}`;

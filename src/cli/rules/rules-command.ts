import { Command } from 'commander';
import { type RuleDecision, readSettings, tryRules } from '../../server/index.ts';
import { printLines } from '../terminal/print.ts';

const EXAMPLE = `
Example:
  ichor rules try head-ct/ --config ichor.yaml --sender ED_CT`;

/** `ichor rules try`. */
export function rulesCommand(): Command {
  const rules = new Command('rules')
    .description('The rules of ichor serve: which studies are predicted, how urgent, for whom.')
    .addHelpText('after', EXAMPLE);
  rules
    .command('try')
    .exitOverride()
    .description('Says what the rules would do with a study, and why.')
    .argument('<STUDY>', 'DICOM file, folder, zip, or a disc with a DICOMDIR')
    .requiredOption('--config <FILE>', 'configuration with the rules, YAML or JSON')
    .option('--sender <TEXT>', 'AE title or address that it would come from', '')
    .addHelpText('after', EXAMPLE)
    .action(async (study: string, flags: { readonly config: string; readonly sender: string }) => {
      const settings = await readSettings(flags.config);
      const decision = await tryRules(settings.rules, study, flags.sender);
      const names = settings.destinations.map(({ name }) => name);
      printLines([...triedLines(decision), ...endLines(decision, names)]);
    });
  return rules;
}

const triedLines = ({ tried }: RuleDecision): string[] =>
  tried.map(
    ({ name, holds, because }) => `${name} ${holds ? 'holds' : 'does not hold'}: ${because.join('; ')}.`,
  );

function endLines({ urgent, notPredictedBy, destinations }: RuleDecision, all: readonly string[]): string[] {
  if (notPredictedBy !== undefined) return [`It would be kept and not predicted, as ${notPredictedBy} says.`];
  const to = all.filter((name) => destinations?.includes(name) ?? true);
  const result = to.length === 0 ? 'to no destination' : `to ${to.join(', ')}`;
  return [`It would be predicted${urgent ? ' as urgent' : ''}; its result would go ${result}.`];
}

import { expect, test } from 'vitest';
import { evaluateCommand } from './evaluate-command.ts';

const refused = async (...flags: string[]): Promise<string> => {
  const command = evaluateCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parseAsync(['opinions.csv', ...flags], { from: 'user' }).then(
    () => 'taken',
    (thrown: Error) => thrown.message,
  );
};

test.each([
  [['--replicates', '50'], /--replicates <count>.* 0, or at least 200, is expected/],
  [['--replicates', '-1'], /a whole number from 0 is expected/],
  [['--prevalence', '0.1,2'], /a number between 0 and 1 is expected/],
  [['--margin', '0'], /a number between 0 and 1 is expected/],
  [['--reading', '0'], /expected a number above 0/],
] as const)('%s is refused before anything is read', async (flags, text) => {
  expect(await refused(...flags)).toMatch(text);
});

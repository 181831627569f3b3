import type { Command } from 'commander';
import { cohortCommand } from './cohort-command.ts';
import { demoCommand } from './demo-command.ts';
import { evaluateCommand } from './evaluate-command.ts';
import { experimentCommand } from './experiment-command.ts';
import { modelCommand } from './model-command.ts';
import { phantomCommand } from './phantom-command.ts';
import { predictCommand } from './predict-command.ts';
import { trainCommand } from './train-command.ts';

/** Each makes its own command; a row a command. */
export const COMMANDS: readonly (() => Command)[] = [
  predictCommand,
  trainCommand,
  evaluateCommand,
  experimentCommand,
  cohortCommand,
  phantomCommand,
  modelCommand,
  demoCommand,
];

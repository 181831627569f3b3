import type { Command } from 'commander';
import { cohortCommand } from './cohort/cohort-command.ts';
import { demoCommand } from './demo/demo-command.ts';
import { evaluateCommand } from './evaluate/evaluate-command.ts';
import { experimentCommand } from './experiment/experiment-command.ts';
import { modelCommand } from './model/model-command.ts';
import { phantomCommand } from './phantom/phantom-command.ts';
import { predictCommand } from './predict/predict-command.ts';
import { trainCommand } from './train/train-command.ts';

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

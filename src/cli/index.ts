/** What scripts and tests take of the commands; `main.ts` runs them. */

// Commands
export { COMMANDS } from './commands.ts';
export { experimentCommand } from './experiment/experiment-command.ts';
export { partsOf } from './experiment/experiment-parts.ts';
export { dividedCohort } from './options/divided-cohort.ts';
// The Node that runs it
export { nodeFault } from './package.ts';
export type { PredictRun } from './predict/predict-batch.ts';
export { predictBatch } from './predict/predict-batch.ts';

// The terminal
export { reportFailure } from './terminal/exit.ts';
export { printJson, printLines, printText, warnLines } from './terminal/print.ts';
export { createProgressDisplay } from './terminal/progress-bar.ts';

import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import {
  DEFAULT_OPTIONS,
  type EvaluationOptions,
  evaluate,
  exampleSlices,
  inSet,
  outputFiles,
  TEMPLATE_CSV,
} from '../../evaluation/index.ts';
import { DEFAULT_MODEL_PATH } from '../../service/index.ts';
import { deviceOption } from '../options/device.ts';
import { numberAboveZero, wholeNumber } from '../options/numbers.ts';
import { printLines, printText, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { writeEvaluation } from './evaluation-files.ts';
import { type CohortFlags, openOpinions } from './open-opinions.ts';

interface EvaluateFlags extends CohortFlags {
  readonly model?: string;
  readonly readers?: readonly string[];
  readonly threshold: number;
  readonly set: string;
  readonly chooseOn: string;
  readonly replicates: number;
  readonly confidence: number;
  readonly seed: number;
  readonly prevalence: readonly number[];
  readonly arrivals: number;
  readonly reading: number;
  readonly categorical?: readonly string[];
  readonly margin?: number;
  readonly template?: boolean;
}

/** `ichor evaluate OPINIONS.csv`: tables, figures and a report. */
export function evaluateCommand(): Command {
  const room = DEFAULT_OPTIONS.readingRoom;
  return new Command('evaluate')
    .summary('tables and figures from predictions and readers')
    .description(
      'Evaluates models and readers against a reference standard: one HTML report, every table as CSV, Markdown and LaTeX, every figure as SVG.',
    )
    .argument(
      '[opinions]',
      'CSV: patient, study, slice, class, reference, reader, probability or decision, and covariates',
    )
    .option('--cohort <place>', 'instead of a CSV: predict this labelled data set or manifest first')
    .option(
      '--split <file...>',
      'of ichor cohort split: predicts its test part, and its validation part to choose on, each as a set',
    )
    .option('--fold <n>', 'of a file of folds: the fold that is the test set, counted from 1', wholeNumber)
    .option('--model-file <file>', 'the model that predicts the cohort', DEFAULT_MODEL_PATH)
    .addOption(deviceOption())
    .option('--template', 'print an example of the CSV and end')
    .option('--out <dir>', 'folder of the report', 'evaluation')
    .option('--model <name>', 'the model to compare with; default: the first that gives probabilities')
    .option('--readers <list>', 'the readers to compare with, as "A,B"; default: all', names)
    .option('--categorical <list>', 'covariates whose numbers are codes of categories, as "A,B"', names)
    .option('--margin <number>', 'of readers with help: how much worse still counts as not inferior', share)
    .option('--threshold <number>', 'positive from this probability on', share, DEFAULT_OPTIONS.threshold)
    .option('--set <name>', 'the set to report on', DEFAULT_OPTIONS.reportOn)
    .option('--choose-on <name>', 'the set on which operating points are chosen', DEFAULT_OPTIONS.chooseOn)
    .option(
      '--replicates <count>',
      `resamples of patients, 0 for none, else at least ${FEWEST_REPLICATES}`,
      replicates,
      DEFAULT_OPTIONS.replicates,
    )
    .option('--confidence <share>', 'of the intervals', share, DEFAULT_OPTIONS.confidence)
    .option('--seed <number>', 'of the resampling and the simulated queue', whole, DEFAULT_OPTIONS.seed)
    .option(
      '--prevalence <list>',
      'prevalences for predictive values and triage, as 0.05,0.2',
      shares,
      DEFAULT_OPTIONS.prevalences,
    )
    .option(
      '--arrivals <number>',
      'studies an hour in the simulated queue',
      numberAboveZero,
      room.arrivalsPerHour,
    )
    .option(
      '--reading <minutes>',
      'minutes of a reading in the simulated queue',
      numberAboveZero,
      room.readingMinutes,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  ichor evaluate opinions.csv --out evaluation\n  ichor evaluate --cohort ct-ich --model-file runs/compact/model.onnx --split split.json --out evaluation\n\nThe columns are described in docs/evaluation.md.',
    )
    .action(run);
}

async function run(path: string | undefined, flags: EvaluateFlags): Promise<void> {
  if (flags.template) {
    printText(TEMPLATE_CSV);
    return;
  }
  const progress = createProgressDisplay();
  const given = await openOpinions(path, flags, progress.listen);
  try {
    const { opinions, madeWith } = given;
    const options = { ...optionsOf(flags), ...(madeWith && { madeWith }) };
    const evaluation = await evaluate(opinions, options, progress.listen);
    const reported = inSet(opinions, options.reportOn);
    const pictures = await given.draw(() =>
      exampleSlices(opinions, evaluation.model, options.threshold, reported),
    );
    const files = outputFiles(evaluation, opinions, pictures);
    await writeEvaluation(flags.out, files);
    progress.stop();
    warnLines([...opinions.notes, ...evaluation.warnings]);
    printLines([...evaluation.headlines, join(flags.out, 'report.html')]);
  } finally {
    progress.stop();
    await given.close();
  }
}

function optionsOf(flags: EvaluateFlags): EvaluationOptions {
  return {
    ...DEFAULT_OPTIONS,
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.readers === undefined ? {} : { readers: flags.readers }),
    ...(flags.categorical === undefined ? {} : { categorical: flags.categorical }),
    ...(flags.margin === undefined ? {} : { margin: flags.margin }),
    threshold: flags.threshold,
    reportOn: flags.set,
    chooseOn: flags.chooseOn,
    replicates: flags.replicates,
    confidence: flags.confidence,
    seed: flags.seed,
    prevalences: flags.prevalence,
    readingRoom: {
      ...DEFAULT_OPTIONS.readingRoom,
      arrivalsPerHour: flags.arrivals,
      readingMinutes: flags.reading,
    },
  };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('a number between 0 and 1 is expected.');
}

/** `A,B`; a name with a comma stands in quotation marks. */
function names(text: string): string[] {
  const found = [...text.matchAll(/"([^"]*)"|[^,]+/g)].map(([all, quoted]) => (quoted ?? all).trim());
  return [...new Set(found.filter((name) => name !== ''))];
}

function shares(text: string): number[] {
  return text.split(',').map(share);
}

/** With fewer the ends of an interval are themselves guessed. */
const FEWEST_REPLICATES = 200;

function replicates(text: string): number {
  const count = whole(text);
  if (count === 0 || count >= FEWEST_REPLICATES) return count;
  throw new InvalidArgumentError(`0, or at least ${FEWEST_REPLICATES}, is expected`);
}

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('a whole number from 0 is expected.');
}

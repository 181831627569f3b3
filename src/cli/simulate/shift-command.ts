import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../../base/index.ts';
import { writeFilesWhole } from '../../files/index.ts';
import { measuredRates } from '../../network/index.ts';
import { type Rates, shiftReport, simulateShift, USUAL_SHIFT } from '../../server/index.ts';
import { DEFAULT_MODEL_PATH } from '../../service/index.ts';
import { numberAboveZero, probabilityOption, seedNumber } from '../options/numbers.ts';
import { readWholeModel } from '../options/read-whole-model.ts';
import { printLines } from '../terminal/print.ts';

interface ShiftFlags {
  readonly model: string;
  readonly operatingPoint?: string;
  readonly sensitivity?: number;
  readonly specificity?: number;
  readonly prevalence: number;
  readonly utilisation: number;
  readonly reading: number;
  readonly result: number;
  readonly cap: number;
  readonly studies: number;
  readonly seed: number;
  readonly out: string;
}

const EXAMPLE = `
Example:
  ichor simulate shift --reading 5 --prevalence 0.15 --out shift`;

/** `ichor simulate shift`. */
export const shiftCommand = (): Command =>
  new Command('shift')
    .exitOverride()
    .description('Shows what the order of the worklist does to waiting times: a table, a chart, a page.')
    .option('--model <FILE>', 'whose card says how often it is right', DEFAULT_MODEL_PATH)
    .option('--operating-point <NAME>', 'of the card; without it the one that ichor serve takes')
    .option('--sensitivity <share>', 'in place of the card, with --specificity', probabilityOption)
    .option('--specificity <share>', 'in place of the card, with --sensitivity', probabilityOption)
    .option('--prevalence <share>', 'of studies with hemorrhage', inside, USUAL_SHIFT.prevalence)
    .option('--utilisation <share>', 'of its time that the reader reads', inside, USUAL_SHIFT.utilisation)
    .option('--reading <minutes>', 'of a reading on average', numberAboveZero, USUAL_SHIFT.readingMinutes)
    .option('--result <minutes>', 'from a study to its result', numberAboveZero, USUAL_SHIFT.modelMinutes)
    .option('--cap <minutes>', 'from which on a study stands first', numberAboveZero, USUAL_SHIFT.capMinutes)
    .option('--studies <count>', 'to simulate, at least 1000', manyStudies, USUAL_SHIFT.studies)
    .option('--seed <number>', 'of the arrivals and readings', seedNumber, USUAL_SHIFT.seed)
    .option('--out <dir>', 'folder of shift.html, shift.csv and shift.svg', 'ichor-shift')
    .addHelpText('after', EXAMPLE)
    .action(run);

async function run(flags: ShiftFlags): Promise<void> {
  const { reading: readingMinutes, result: modelMinutes, cap: capMinutes, ...rest } = flags;
  const shift = { ...rest, readingMinutes, modelMinutes, capMinutes };
  const { source, ...rates } = await ratesOf(flags);
  const { lines, files } = await shiftReport(shift, rates, source, simulateShift(shift, rates));
  await writeFilesWhole(flags.out, files);
  printLines([...lines, path.join(flags.out, 'shift.html')]);
}

async function ratesOf(flags: ShiftFlags): Promise<Rates & { readonly source: string }> {
  const { sensitivity, specificity } = flags;
  if (sensitivity !== undefined && specificity !== undefined)
    return { sensitivity, specificity, source: 'as given' };
  if (sensitivity !== undefined || specificity !== undefined)
    throw new UsageError('rates-in-part', 'give --sensitivity and --specificity, or neither of them');
  const { model } = await readWholeModel(flags.model);
  return measuredRates(model.card, flags.operatingPoint);
}

function inside(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('expected a number between 0 and 1');
}

function manyStudies(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1000 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('expected a whole number from 1000 to 1000000');
}

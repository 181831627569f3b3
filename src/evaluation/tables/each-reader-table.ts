import { at } from '../../base/index.ts';
import {
  advantageInterval,
  type Confusion,
  clusteredPairs,
  confusionOf,
  isEmpty,
  mcNemar,
  rankScores,
  rateValue,
  weightedRoc,
  withoutInterval,
} from '../../statistics/index.ts';
import { widthless } from '../measures/widthless.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import { type Population, populationOf, readRows, speaksOf, valuesOn } from '../opinions/population.ts';
import { classLabel } from './performance-tables.ts';
import type { ReaderQuestion } from './reader-question.ts';
import { type Cell, pCell, type Table } from './table.ts';

const COLUMNS = [
  'Class',
  'Reader',
  'Cases',
  'Reader sensitivity',
  'Reader specificity',
  "Model sensitivity at the reader's specificity",
  'Difference there',
  'Sensitivity difference at the operating point',
  'McNemar p, sensitivity',
  'Specificity difference at the operating point',
  'McNemar p, specificity',
  "Reader's true positives found by the model",
  "Reader's misses found by the model",
];

const NOTES = [
  "Model sensitivity at the reader's specificity: the model's ROC curve on these cases, read at the reader's specificity; the threshold is not chosen beforehand. The difference there is model minus reader; its interval is that of a Bayesian bootstrap of patients, the reader's specificity drawn too, with half a row more of each of the reader's answers and one negative more for the curve: wide where the reader raised few false alarms.",
  'Differences at the operating point are model minus reader: Newcombe intervals and exact McNemar tests, or, where patients have several studies, intervals and McNemar tests by patient (Obuchowski 1998). Not corrected for their number.',
];

/** The model beside each reader on the cases that the reader read. */
export function modelAgainstEachReader(question: ReaderQuestion): Table[] {
  const rows = CLASS_NAMES.flatMap((className) =>
    question.opinions.readers.flatMap((reader) => compareWith(question, reader, className)),
  );
  if (rows.length === 0) return [];
  return [
    {
      id: 'model-and-readers',
      title: 'The model beside each reader',
      columns: COLUMNS,
      rows,
      notes: NOTES,
    },
  ];
}

/** What the two say on the same cases. */
interface Pair {
  readonly population: Population;
  readonly probabilities: Float64Array;
  readonly called: Float64Array;
  readonly decisions: Float64Array;
}

function compareWith(question: ReaderQuestion, reader: string, className: ClassName): Cell[][] {
  const { opinions, model, threshold, filter } = question;
  const population = readRows(opinions, reader, populationOf(opinions, className, 'subject', filter));
  if (!speaksOf(opinions, model, population)) return [];
  const probabilities = valuesOn(opinions, model, population);
  const decisions = valuesOn(opinions, reader, population);
  const called = probabilities.map((value) => Number(value >= threshold));
  const pair = { population, probabilities, called, decisions };
  const confusion = confusionOf(population.positive, decisions);
  const onPositives = pairedOn(pair, 1, question.confidence);
  const onNegatives = pairedOn(pair, 0, question.confidence);
  const foundToo = called.filter((c, row) => c && decisions[row] && population.positive[row]).length;
  const rescued = called.filter((c, row) => c && !decisions[row] && population.positive[row]).length;
  return [
    [
      classLabel(className),
      reader,
      population.units.length,
      rate(confusion, 'sensitivity'),
      rate(confusion, 'specificity'),
      ...atReadersSpecificity(pair, confusion, question),
      ...onPositives,
      ...onNegatives,
      share(foundToo, confusion.truePositives),
      share(rescued, confusion.falseNegatives),
    ],
  ];
}

const rate = (confusion: Confusion, name: 'sensitivity' | 'specificity'): Cell => {
  const value = rateValue(confusion, name);
  return Number.isNaN(value)
    ? { empty: name === 'sensitivity' ? 'no positives' : 'no negatives' }
    : value.toFixed(2);
};

const share = (of: number, among: number): Cell =>
  among === 0 ? { empty: 'none' } : `${of} of ${among} (${((100 * of) / among).toFixed(0)}%)`;

/** The model's sensitivity where it is as specific as the reader, and how much that is above the reader's. */
function atReadersSpecificity(
  { population, probabilities, decisions }: Pair,
  confusion: Confusion,
  { replicates, seed, confidence }: ReaderQuestion,
): [Cell, Cell] {
  const { positive, patients, patientCount } = population;
  const none = { empty: 'a class is missing' };
  const specificity = rateValue(confusion, 'specificity');
  if (Number.isNaN(specificity)) return [none, none];
  const ranked = rankScores(probabilities, positive);
  const all = new Uint16Array(patientCount).fill(1);
  const reached = at(weightedRoc(ranked, patients)(all, [1 - specificity]), 0);
  if (Number.isNaN(reached)) return [none, none];
  const value = reached - rateValue(confusion, 'sensitivity');
  const difference =
    replicates === 0
      ? withoutInterval(value, 'not resampled')
      : advantageInterval(value, ranked, decisions, patients, { replicates, seed, confidence });
  return [reached.toFixed(2), difference];
}

/** Model minus reader among the positives, or the negatives, at the operating point: difference and p. */
function pairedOn({ population, called, decisions }: Pair, truth: 0 | 1, confidence: number): [Cell, Cell] {
  const rows = Array.from(population.positive.keys()).filter((row) => population.positive[row] === truth);
  const none = { empty: truth === 1 ? 'no positives' : 'no negatives' };
  const right = (values: Float64Array) => rows.map((row) => values[row] === truth);
  if (population.patientCount === population.units.length) {
    const found = mcNemar(right(called), right(decisions), confidence);
    return isEmpty(found) ? [none, none] : [found.difference, pCell(found.exactP)];
  }
  const patients = rows.map((row) => at(population.patients, row));
  const found = clusteredPairs(right(called), right(decisions), patients, confidence);
  if (isEmpty(found)) return [none, none];
  return [widthless(found.difference), isEmpty(found.test) ? found.test : pCell(found.test.p)];
}

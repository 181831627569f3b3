import { auc, isEmpty, modelAgainstReaders, rankScores } from '../../statistics/index.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import { valuesOn } from '../opinions/population.ts';
import { classLabel } from './performance-tables.ts';
import { areaCovariances, commonCases, type ReaderQuestion } from './reader-question.ts';
import { type Cell, pCell, type Table } from './table.ts';

/** The model, at its threshold, against all readers at once: Obuchowski and Rockette with Hillis's degrees of freedom. */
export function modelAgainstAllReaders(question: ReaderQuestion): Table[] {
  const rows = CLASS_NAMES.flatMap((className) => compareWithAll(question, className));
  if (rows.length === 0) return [];
  return [
    {
      id: 'model-against-all-readers',
      title: 'The model against all readers, difference of one-threshold AUCs',
      columns: [
        'Class',
        'Readers',
        'Cases',
        'Difference, random readers',
        'p',
        'Degrees of freedom',
        'Difference, fixed readers',
        'p, fixed',
      ],
      rows,
      notes: [
        "Model at its threshold minus the mean of the readers, on cases that all have read (Obuchowski-Rockette, Hillis). Random readers: for others like them; fixed: for these only. Covariances are DeLong's, or Obuchowski's by patient where patients have several studies.",
      ],
    },
  ];
}

function compareWithAll(question: ReaderQuestion, className: ClassName): Cell[][] {
  const { opinions, model, threshold, confidence } = question;
  const common = commonCases(question, className);
  if (!common || common.readers.length < 2) return [];
  const { population, readers } = common;
  const head: Cell[] = [classLabel(className), readers.length, population.units.length];
  if (population.units.length === 0)
    return [[...head, { empty: 'no case that all have read' }, '', '', '', '']];
  const decisions = [
    valuesOn(opinions, model, population).map((value) => Number(value >= threshold)),
    ...readers.map((reader) => valuesOn(opinions, reader, population)),
  ];
  const rankings = decisions.map((values) => rankScores(values, population.positive));
  const merits = rankings.map(auc);
  const { positives = 0, negatives = 0 } = rankings[0] ?? {};
  if (positives < 2 || negatives < 2 || merits.some(isEmpty)) {
    return [[...head, { empty: 'fewer than two positives or negatives' }, '', '', '', '']];
  }
  const covariances = areaCovariances(rankings, population);
  if (isEmpty(covariances)) return [[...head, covariances, '', '', '', '']];
  const values = merits.map((m) => (m as { value: number }).value);
  const { randomReaders: random, fixedReaders: fixed } = modelAgainstReaders(values, covariances, confidence);
  const p = (m: typeof random | typeof fixed): Cell => (isEmpty(m) ? m : pCell(m.p));
  const degrees = isEmpty(random) ? random : degreesText(random.degreesOfFreedom);
  return [[...head, random, p(random), degrees, fixed, p(fixed)]];
}

/** Readers who differ by nothing but roundings leave degrees of freedom without end. */
const degreesText = (degrees: number): string => (degrees < 1e6 ? degrees.toFixed(1) : '\u221e');

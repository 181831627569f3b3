import { at } from '../../base/index.ts';
import {
  auc,
  type Empty,
  isEmpty,
  meanCovariances,
  notInferiorP,
  type ObuchowskiRockette,
  obuchowskiRockette,
  type ReaderTest,
  rankScores,
  readerVariances,
  testDifference,
} from '../../statistics/index.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import { type Population, populationOf, readRows, valuesOn } from '../opinions/population.ts';
import { classLabel } from './performance-tables.ts';
import { areaCovariances, type ReaderQuestion } from './reader-question.ts';
import { type Cell, pCell, type Table, toFourDigits } from './table.ts';

/** Readers with and without one help, on the cases that all have read both ways. */
interface AidStudy {
  readonly className: ClassName;
  readonly aid: string;
  readonly readers: readonly string[];
  readonly population: Population;
  /** With the help, then without: [treatment][reader], a value each row. */
  readonly values: readonly [readonly Float64Array[], readonly Float64Array[]];
  readonly decisionsOnly: boolean;
}

/** A figure of merit of each reader, with the covariances of its errors. */
interface Merits {
  readonly figure: string;
  readonly merits: readonly number[];
  readonly covariance: readonly (readonly number[])[] | Empty;
}

/**
 * Readers with and without help: Obuchowski and Rockette's analysis of readers and treatments, its variance components,
 * and, with a margin, whether readers with the help are not inferior.
 */
export function aidTables(question: ReaderQuestion & { readonly margin?: number }): Table[] {
  const studies = CLASS_NAMES.flatMap((className) => studiesOf(question, className));
  const analysed = studies.flatMap((study) =>
    meritsOf(study).map((merits) => ({
      study,
      ...merits,
      found: analyse(study, merits, question.confidence),
    })),
  );
  const leftOut = leftOutTable(question);
  if (analysed.length === 0) return leftOut;
  const { margin } = question;
  return [
    {
      id: 'aid',
      title: 'Readers with and without help',
      columns: [
        ...['Class', 'Help', 'Readers', 'Cases', 'Figure', 'Mean without', 'Mean with'],
        ...['Difference, random readers', 'p', 'Degrees of freedom', 'Difference, fixed readers', 'p, fixed'],
        ...(margin === undefined ? [] : [`p, not inferior by ${margin}`]),
      ],
      rows: analysed.map(({ study, figure, found }) => [
        ...headOf(study, figure),
        ...differenceCells(found, margin),
      ]),
      notes: [
        "With minus without, on cases that all readers have read both ways (Obuchowski-Rockette, Hillis). Random readers: for others like them; fixed: for these only. Variances of AUCs are DeLong's, or Obuchowski's by patient where patients have several studies; those of sensitivity and specificity are by patient.",
        ...(margin === undefined
          ? []
          : [
              `Not inferior: the one-sided p, for random readers, of the help making the figure worse by ${margin} or more.`,
            ]),
      ],
    },
    {
      id: 'aid-variances',
      title: 'Variance components of the readers with and without help',
      columns: [
        ...['Class', 'Help', 'Readers', 'Cases', 'Figure', 'Between readers', 'Readers x help', 'Error'],
        ...['Cov1: same reader', 'Cov2: same help', 'Cov3: neither'],
      ],
      rows: analysed.map(({ study, figure, found }) => [...headOf(study, figure), ...varianceCells(found)]),
      notes: [
        'Variances on the scale of the figure, not below 0; the covariances are of the errors of two readings (Hillis, Berbaum & Metz 2008).',
      ],
    },
    ...leftOut,
  ];
}

/** Readers whose readings with and without help cannot be compared. */
function leftOutTable({ opinions }: ReaderQuestion): Table[] {
  const unlike = opinions.aided.filter((one) => one.decisionsOnly !== opinions.readers.includes(one.reader));
  if (unlike.length === 0) return [];
  const [decided, rated] = ['decisions', 'probabilities'];
  return [
    {
      id: 'aid-left-out',
      title: 'Readers who are left out of the comparison with and without help',
      columns: ['Reader', 'Help', 'Gave with help', 'Gave without'],
      rows: unlike.map(({ reader, aid, decisionsOnly }) =>
        decisionsOnly ? [reader, aid, decided, rated] : [reader, aid, rated, decided],
      ),
      notes: ['A difference between two kinds of readings would be that of the kinds.'],
    },
  ];
}

const headOf = ({ className, aid, readers, population }: AidStudy, figure: string): Cell[] => [
  classLabel(className),
  aid,
  readers.length,
  population.units.length,
  figure,
];

function studiesOf({ opinions, filter }: ReaderQuestion, className: ClassName): AidStudy[] {
  // Decisions and ratings are no two readings of one kind: their difference would be that of the kinds
  const alike = opinions.aided.filter((one) => one.decisionsOnly === opinions.readers.includes(one.reader));
  const byAid = Map.groupBy(alike, ({ aid, decisionsOnly }) => JSON.stringify([aid, decisionsOnly]));
  return [...byAid.values()].flatMap((aided): AidStudy[] => {
    const { aid, decisionsOnly } = at(aided, 0);
    const both = aided.filter(
      ({ source, reader }) => opinions.opinion(source, className) && opinions.opinion(reader, className),
    );
    if (both.length < 2) return [];
    const sources = [both.map(({ source }) => source), both.map(({ reader }) => reader)] as const;
    const population = sources
      .flat()
      .reduce(
        (left, source) => readRows(opinions, source, left),
        populationOf(opinions, className, 'subject', filter),
      );
    const valuesOf = (names: readonly string[]) => names.map((name) => valuesOn(opinions, name, population));
    const values = [valuesOf(sources[0]), valuesOf(sources[1])] as const;
    return [{ className, aid, readers: sources[1], population, values, decisionsOnly }];
  });
}

function meritsOf(study: AidStudy): Merits[] {
  const { population, decisionsOnly } = study;
  const readings = study.values.flat();
  const rankings = readings.map((values) => rankScores(values, population.positive));
  const areas: Merits = {
    figure: decisionsOnly ? 'One-threshold AUC' : 'AUC',
    merits: rankings.map(auc).map((area) => (isEmpty(area) ? Number.NaN : area.value)),
    covariance: areaCovariances(rankings, population),
  };
  if (!decisionsOnly) return [areas];
  return [shareRight(study, 1, 'Sensitivity'), shareRight(study, 0, 'Specificity'), areas];
}

/** The share of rows of a kind that each reading calls right. */
function shareRight({ population, values }: AidStudy, kind: 0 | 1, figure: string): Merits {
  const rows = Array.from(population.positive.keys()).filter((row) => population.positive[row] === kind);
  const right = values.flat().map((calls) => rows.map((row) => Number(calls[row] === kind)));
  const clusters = rows.map((row) => at(population.patients, row));
  return {
    figure,
    merits: right.map((own) => own.reduce((sum, one) => sum + one, 0) / own.length),
    covariance: meanCovariances(right, clusters),
  };
}

function analyse(study: AidStudy, { merits, covariance }: Merits, confidence: number) {
  const { positive } = study.population;
  const positives = positive.reduce((sum, one) => sum + one, 0);
  if (positives < 2 || positive.length - positives < 2)
    return { empty: 'fewer than two positives or negatives' };
  if (isEmpty(covariance)) return covariance;
  const finite = covariance.flat().every(Number.isFinite);
  if (!finite) return { empty: 'one patient only: no variance by patient' };
  const readers = study.readers.length;
  const byTreatment = [merits.slice(0, readers), merits.slice(readers)];
  return obuchowskiRockette({ merits: byTreatment, covariance }, confidence);
}

function differenceCells(found: ObuchowskiRockette | Empty, margin: number | undefined): Cell[] {
  if (isEmpty(found)) return [found, '', '', '', '', '', '', ...(margin === undefined ? [] : [''])];
  const [withHelp = Number.NaN, without = Number.NaN] = found.treatmentMeans;
  const { randomReaders: random, fixedReaders: fixed } = found;
  const degrees = isEmpty(random) ? 0 : random.denominatorDegrees;
  return [
    without,
    withHelp,
    ...tested(random, (difference) => [
      difference,
      pCell(testDifference(difference, degrees).p),
      degreesText(degrees),
    ]),
    ...tested(fixed, (difference) => [
      difference,
      pCell(testDifference(difference, Number.POSITIVE_INFINITY).p),
    ]).slice(0, 2),
    ...(margin === undefined
      ? []
      : tested(random, (difference) => [pCell(notInferiorP(difference, margin, degrees))]).slice(0, 1)),
  ];
}

/** The cells of the one difference of two treatments, or why there is none. */
function tested(
  test: ReaderTest | Empty,
  cells: (difference: ReaderTest['differences'][number]) => Cell[],
): Cell[] {
  return isEmpty(test) ? [test, '', ''] : test.differences.flatMap(cells);
}

function varianceCells(found: ObuchowskiRockette | Empty): Cell[] {
  if (isEmpty(found)) return [found, '', '', '', '', ''];
  const { readers, interaction } = readerVariances(found);
  const { variance, cov1, cov2, cov3 } = found.errors;
  return [readers, interaction, variance, cov1, cov2, cov3].map(toFourDigits);
}

/** Readers who differ by nothing but roundings leave degrees of freedom without end. */
const degreesText = (degrees: number): string => (degrees < 1e6 ? degrees.toFixed(1) : '\u221e');

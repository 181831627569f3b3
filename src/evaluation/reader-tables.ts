import {
  auc,
  clusteredAuc,
  confusionOf,
  isEmpty,
  mcNemar,
  modelAgainstReaders,
  pairedDelong,
  placementCovariances,
  rankScores,
  summarise,
  thresholdPoints,
} from '../statistics/index.ts';
import type { ClassName } from './opinion-row.ts';
import { CLASS_NAMES } from './opinion-row.ts';
import { widthless } from './performance.ts';
import { classLabel, type Judged, measureOf } from './performance-tables.ts';
import { populationOf, readRows, valuesOn } from './population.ts';
import { commonCases, type ReaderQuestion } from './reader-question.ts';
import type { Cell, Table } from './table.ts';

/** Mean and standard deviation (n - 1) over the readers, as the paper's Table 3. */
export function readerMeans(judged: readonly Judged[]): Table[] {
  const names = ['accuracy', 'sensitivity', 'specificity', 'f1', 'oneThresholdAuc'] as const;
  const readers = judged.filter((one) => one.decisionsOnly && one.level === 'subject');
  const rows = CLASS_NAMES.flatMap((className) => {
    const own = readers.filter((one) => one.className === className);
    if (own.length < 2) return [];
    return [
      [classLabel(className), own.length, ...names.map((name) => meanAndDeviation(own, name))] as Cell[],
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      id: 'reader-means',
      title: 'Readers: mean \u00b1 standard deviation',
      columns: ['Class', 'Readers', 'Accuracy', 'Sensitivity', 'Specificity', 'F1', 'One-threshold AUC'],
      rows,
      notes: ['Standard deviation over the readers, with n \u2013 1.'],
    },
  ];
}

function meanAndDeviation(
  judged: readonly Judged[],
  name: 'accuracy' | 'sensitivity' | 'specificity' | 'f1' | 'oneThresholdAuc',
): Cell {
  const values = judged.map((one) => measureOf(one, name)).filter((m) => 'value' in m);
  if (values.length < judged.length) return { empty: 'a reader has no value' };
  const summary = summarise(values.map((m) => m.value));
  if (isEmpty(summary) || typeof summary.standardDeviation !== 'number') return { empty: 'one reader only' };
  return `${summary.mean.toFixed(2)} \u00b1 ${summary.standardDeviation.toFixed(2)}`;
}

/** The model beside each reader on the cases that the reader read. */
export function modelAgainstEachReader(question: ReaderQuestion): Table[] {
  const rows = CLASS_NAMES.flatMap((className) =>
    question.opinions.readers.flatMap((reader) => compareWith(question, reader, className)),
  );
  if (rows.length === 0) return [];
  const columns = [
    'Class',
    'Reader',
    'Cases',
    'Reader sensitivity',
    'Reader specificity',
    "Model sensitivity at the reader's specificity",
    'Sensitivity difference at the operating point',
    'McNemar p, sensitivity',
    'Specificity difference',
    'McNemar p, specificity',
    "Reader's true positives found by the model",
    "Reader's misses found by the model",
  ];
  const notes = [
    "Model sensitivity at the reader's specificity: the highest that a threshold with at least that specificity reaches on these cases.",
    'Differences are model minus reader at the operating point, with Newcombe intervals; exact McNemar tests, not corrected for their number.',
  ];
  return [{ id: 'model-and-readers', title: 'The model beside each reader', columns, rows, notes }];
}

function compareWith(question: ReaderQuestion, reader: string, className: ClassName): Cell[][] {
  const { opinions, model, threshold } = question;
  const population = readRows(
    opinions,
    reader,
    populationOf(opinions, className, 'subject', question.filter),
  );
  if (population.units.length === 0 || opinions.opinion(model, className) === undefined) return [];
  const probabilities = valuesOn(opinions, model, population);
  const decisions = valuesOn(opinions, reader, population);
  const called = probabilities.map((value) => Number(value >= threshold));
  const confusion = confusionOf(population.positive, decisions);
  const { truePositives, falseNegatives, trueNegatives, falsePositives } = confusion;
  const specificity = trueNegatives / (trueNegatives + falsePositives);
  const points = thresholdPoints(rankScores(probabilities, population.positive));
  const reached = isEmpty(points)
    ? points
    : Math.max(...points.filter((p) => p.specificity >= specificity - 1e-12).map((p) => p.sensitivity));
  const paired = (truth: number) => {
    const rows = Array.from(population.positive.keys()).filter((row) => population.positive[row] === truth);
    const right = (values: Float64Array) => rows.map((row) => values[row] === truth);
    return mcNemar(right(called), right(decisions), question.confidence);
  };
  const [onPositives, onNegatives] = [paired(1), paired(0)];
  const foundToo = called.reduce(
    (n, c, row) => n + (c && decisions[row] && population.positive[row] ? 1 : 0),
    0,
  );
  const rescued = isEmpty(onPositives) ? 0 : onPositives.onlyFirst;
  const share = (of: number, among: number): Cell =>
    among === 0 ? { empty: 'none' } : `${of} of ${among} (${((100 * of) / among).toFixed(0)}%)`;
  const rate = (of: number, among: number): Cell =>
    among === 0 ? { empty: 'none' } : (of / among).toFixed(2);
  const p = (value: number): string => (value < 0.001 ? '< 0.001' : value.toFixed(3));
  return [
    [
      classLabel(className),
      reader,
      population.units.length,
      rate(truePositives, truePositives + falseNegatives),
      rate(trueNegatives, trueNegatives + falsePositives),
      typeof reached === 'number' ? reached.toFixed(2) : reached,
      isEmpty(onPositives) ? { empty: 'no positives' } : onPositives.difference,
      isEmpty(onPositives) ? { empty: 'no positives' } : p(onPositives.exactP),
      isEmpty(onNegatives) ? { empty: 'no negatives' } : onNegatives.difference,
      isEmpty(onNegatives) ? { empty: 'no negatives' } : p(onNegatives.exactP),
      share(foundToo, truePositives),
      share(rescued, falseNegatives),
    ],
  ];
}

/** The model, at its threshold, against all readers at once: Obuchowski and Rockette with Hillis's degrees of freedom. */
export function modelAgainstAllReaders(question: ReaderQuestion): Table[] {
  const { opinions, model, threshold, confidence } = question;
  const rows = CLASS_NAMES.flatMap((className): Cell[][] => {
    const common = commonCases(question, className);
    if (!common || common.readers.length < 2) return [];
    const { population, readers } = common;
    const decisions = [
      valuesOn(opinions, model, population).map((value) => Number(value >= threshold)),
      ...readers.map((reader) => valuesOn(opinions, reader, population)),
    ];
    const rankings = decisions.map((values) => rankScores(values, population.positive));
    const merits = rankings.map(auc);
    const { positives = 0, negatives = 0 } = rankings[0] ?? {};
    const head: Cell[] = [classLabel(className), readers.length, population.units.length];
    if (positives < 2 || negatives < 2 || merits.some(isEmpty)) {
      return [[...head, { empty: 'fewer than two positives or negatives' }, '', '', '', '']];
    }
    const values = merits.map((m) => (m as { value: number }).value);
    const found = modelAgainstReaders(values, placementCovariances(rankings), confidence);
    const { randomReaders: random, fixedReaders: fixed } = found;
    const p = (m: typeof random | typeof fixed): Cell =>
      isEmpty(m) ? m : m.p < 0.001 ? '< 0.001' : m.p.toFixed(3);
    return [
      [
        ...head,
        random,
        p(random),
        isEmpty(random) ? random : random.degreesOfFreedom.toFixed(1),
        fixed,
        p(fixed),
      ],
    ];
  });
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
        'Model at its threshold minus the mean of the readers, on cases that all have read (Obuchowski-Rockette, Hillis).',
      ],
    },
  ];
}

/** DeLong's paired test, or by patient where rows are clustered, between the model and each other model. */
export function modelPairs(question: ReaderQuestion): Table[] {
  const { opinions, model, filter, confidence } = question;
  const rows = opinions.models
    .filter((other) => other !== model)
    .flatMap((other) =>
      CLASS_NAMES.flatMap((className): Cell[][] => {
        const all = populationOf(opinions, className, 'subject', filter);
        const common = readRows(opinions, other, readRows(opinions, model, all));
        if (common.units.length === 0) return [];
        const ranked = (source: string) => rankScores(valuesOn(opinions, source, common), common.positive);
        const [one, two] = [ranked(model), ranked(other)];
        const head: Cell[] = [classLabel(className), other, common.units.length];
        if (common.patientCount < common.units.length) {
          const area = (r: typeof one): Cell => widthless(clusteredAuc(r, common.patients, confidence));
          return [
            [
              ...head,
              area(one),
              area(two),
              { empty: 'patients have several rows: DeLong does not apply' },
              '',
            ],
          ];
        }
        const test = pairedDelong(one, two, confidence);
        if (isEmpty(test)) return [[...head, test, test, test, '']];
        return [
          [
            ...head,
            widthless(test.first),
            widthless(test.second),
            test.difference,
            test.p < 0.001 ? '< 0.001' : test.p.toFixed(3),
          ],
        ];
      }),
    );
  if (rows.length === 0) return [];
  return [
    {
      id: 'model-pairs',
      title: `${model} against other models`,
      columns: [
        'Class',
        'Other model',
        'Cases',
        `AUC, ${model}`,
        'AUC, other',
        'Difference',
        'p (DeLong, paired)',
      ],
      rows,
      notes: [],
    },
  ];
}

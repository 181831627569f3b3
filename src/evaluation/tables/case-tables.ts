import { at } from '../../base/index.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { pickRows, populationOf, readRows, valuesOn } from '../opinions/population.ts';
import { speakerAt, studyOfRow } from '../opinions/subject.ts';
import { classLabel } from './performance-tables.ts';
import { commonCases, type ReaderQuestion } from './reader-question.ts';
import type { Cell, Table } from './table.ts';

/** Cases that the model alone, or the readers alone, found. */
export function caseLists(question: ReaderQuestion): Table[] {
  const { opinions, model, threshold } = question;
  const slicesOf = slicesByStudy(opinions);
  const rows = CLASS_NAMES.flatMap((className): Cell[][] => {
    const common = commonCases(question, className);
    if (!common) return [];
    const { population, readers } = common;
    const probabilities = valuesOn(opinions, model, population);
    const votes = readers.map((reader) => valuesOn(opinions, reader, population));
    return Array.from(population.positive.keys()).flatMap((row): Cell[][] => {
      if (population.positive[row] !== 1) return [];
      const byModel = at(probabilities, row) >= threshold;
      const byReaders = votes.filter((vote) => vote[row] === 1).length;
      const onlyModel = byModel && byReaders === 0;
      const onlyReaders = !byModel && byReaders === readers.length;
      if (!onlyModel && !onlyReaders) return [];
      const slices = onlyReaders
        ? sliceProbabilities(question, className, slicesOf(at(population.units, row)))
        : '';
      return [
        [
          classLabel(className),
          onlyModel ? 'model, missed by all readers' : 'all readers, missed by the model',
          studyOfRow(opinions, population, row),
          subtypesOf(opinions, at(population.units, row)),
          at(probabilities, row).toFixed(3),
          slices,
        ],
      ];
    });
  });
  if (rows.length === 0) return [];
  return [
    {
      id: 'case-lists',
      title: 'Cases that only the model, or only the readers, found',
      columns: [
        'Class',
        'Found by',
        'Study',
        'Reference',
        'Model probability',
        'Slice probabilities (positive slices)',
      ],
      rows,
      notes: [],
    },
  ];
}

/** The slice units of a unit's study, found once for all. */
function slicesByStudy({ studyOfUnit, sliceOfUnit, studies }: Opinions): (unit: number) => readonly number[] {
  const slices: number[][] = studies.map(() => []);
  for (let unit = 0; unit < studyOfUnit.length; unit++) {
    if (sliceOfUnit[unit] !== 0) slices[at(studyOfUnit, unit)]?.push(unit);
  }
  return (unit) => slices[at(studyOfUnit, unit)] ?? [];
}

function sliceProbabilities(
  { opinions, model }: ReaderQuestion,
  className: ClassName,
  slices: readonly number[],
): string {
  const values = opinions.opinion(speakerAt(opinions, model, 'slice'), className);
  return slices
    .filter(
      (unit) => opinions.references[className][unit] === 1 && !Number.isNaN(values?.[unit] ?? Number.NaN),
    )
    .map((unit) => `slice ${opinions.sliceOfUnit[unit]}: ${(values?.[unit] ?? 0).toFixed(3)}`)
    .join('; ');
}

function subtypesOf(opinions: Opinions, unit: number): string {
  return CLASS_NAMES.filter((name) => name !== 'anyHemorrhage' && opinions.references[name][unit] === 1).join(
    ', ',
  );
}

/** Each subtype alone against mixed with others: the sensitivity of the model and of each reader (paper, SAH). */
export function aloneAndMixed(question: ReaderQuestion): Table[] {
  const { opinions, model, threshold, filter } = question;
  const sources = [model, ...opinions.readers];
  const rows = CLASS_NAMES.filter((name) => name !== 'anyHemorrhage').flatMap((className): Cell[][] => {
    const all = populationOf(opinions, className, 'subject', filter);
    const isWhole = (row: number): boolean =>
      CLASS_NAMES.every((name) => opinions.references[name][at(all.units, row)] !== -1);
    const positives = Array.from(all.positive.keys()).filter(
      (row) => all.positive[row] === 1 && isWhole(row),
    );
    const others = (row: number): number => subtypesOf(opinions, at(all.units, row)).split(', ').length - 1;
    return (['alone', 'with one other', 'with two or more others'] as const).flatMap((mix, k): Cell[][] => {
      const cases = pickRows(
        all,
        positives.filter((row) => Math.min(2, others(row)) === k),
      );
      const cells = sources.map((source): Cell => {
        const read = readRows(opinions, source, cases);
        if (read.units.length === 0) return { empty: 'no cases' };
        const found = valuesOn(opinions, source, read).filter(
          (v) => v >= (source === model ? threshold : 0.5),
        ).length;
        return `${found} of ${read.units.length}`;
      });
      return [[classLabel(className), mix, cases.units.length, ...cells]];
    });
  });
  return [
    {
      id: 'alone-and-mixed',
      title: 'Subtypes alone and mixed: positives found',
      columns: ['Class', 'Mix', 'Cases', ...sources],
      rows,
      notes: ['Of the subjects of which every class is labelled.'],
    },
  ];
}

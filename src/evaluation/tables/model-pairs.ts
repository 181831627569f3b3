import { holm, isEmpty, pairedClusteredAuc, pairedDelong, rankScores } from '../../statistics/index.ts';
import { areaOf } from '../measures/performance.ts';
import { widthless } from '../measures/widthless.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Level } from '../opinions/opinions.ts';
import { populationOf, readRows, valuesOn } from '../opinions/population.ts';
import { speakerAt } from '../opinions/subject.ts';
import { classLabel } from './performance-tables.ts';
import type { ReaderQuestion } from './reader-question.ts';
import { type Cell, pCell, type Table } from './table.ts';

type PairQuestion = Pick<ReaderQuestion, 'opinions' | 'model' | 'filter' | 'confidence'>;

/** The model's AUC against each other model's on the same rows: DeLong's paired test, or Obuchowski's by patient. */
export function modelPairs(question: PairQuestion): Table[] {
  const { opinions, model } = question;
  const rows = opinions.models.flatMap((other) =>
    CLASS_NAMES.flatMap((className) =>
      (['subject', 'slice'] as const).flatMap((level) => {
        const speaker = speakerAt(opinions, model, level);
        return other === speaker ? [] : compare({ ...question, model: speaker }, other, className, level);
      }),
    ),
  );
  if (rows.length === 0) return [];
  const adjusted = holmCells(rows);
  return [
    {
      id: 'model-pairs',
      title: `${model} against other models`,
      columns: [
        'Class',
        'Level',
        'Other model',
        'Rows',
        `AUC, ${model}`,
        'AUC, other',
        'Difference',
        'p, paired',
        ...(adjusted === undefined ? [] : ['p, Holm']),
      ],
      rows: adjusted === undefined ? rows : rows.map((row, k) => [...row, adjusted[k] ?? '']),
      notes: [
        `${model} minus the other on the rows of both. DeLong's paired test where each patient has one row, else Obuchowski's (1997) by patient. One-threshold figures of decisions are not compared here.`,
        ...(adjusted === undefined
          ? []
          : ['p, Holm: corrected for the number of other models, within a class and level (Holm 1979).']),
      ],
    },
  ];
}

/** Corrected p values, row by row, where a class and level has several other models; undefined where none has. */
function holmCells(rows: readonly Cell[][]): Cell[] | undefined {
  const family = (row: readonly Cell[]): string => `${row[0]} ${row[1]}`;
  const raw = (row: readonly Cell[]): number | undefined => {
    const last = row.at(-1);
    return typeof last === 'object' && 'exact' in last ? last.exact : undefined;
  };
  const families = new Map<string, number[]>();
  for (const row of rows) {
    const p = raw(row);
    if (p !== undefined) families.set(family(row), [...(families.get(family(row)) ?? []), p]);
  }
  if (![...families.values()].some((ps) => ps.length > 1)) return undefined;
  const next = new Map([...families].map(([key, ps]) => [key, holm(ps)[Symbol.iterator]()]));
  return rows.map((row): Cell => {
    if (raw(row) === undefined) return '';
    const p = next.get(family(row))?.next().value;
    return p === undefined ? '' : pCell(p);
  });
}

function compare(question: PairQuestion, other: string, className: ClassName, level: Level): Cell[][] {
  const { opinions, model, filter, confidence } = question;
  const all = populationOf(opinions, className, level, filter);
  const common = readRows(opinions, other, readRows(opinions, model, all));
  if (common.units.length === 0) return [];
  const ranked = (source: string) => rankScores(valuesOn(opinions, source, common), common.positive);
  const [one, two] = [ranked(model), ranked(other)];
  const head: Cell[] = [classLabel(className), level, other, common.units.length];
  const by = common.patientCount < common.units.length ? common.patients : undefined;
  const test = by ? pairedClusteredAuc(one, two, by, confidence) : pairedDelong(one, two, confidence);
  const areas = [one, two].map((ranked) => areaOf(ranked, by, confidence));
  if (isEmpty(test)) {
    return [[...head, ...areas, test, '']];
  }
  return [[...head, ...areas, widthless(test.difference), pCell(test.p)]];
}

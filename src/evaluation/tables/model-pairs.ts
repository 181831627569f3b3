import {
  clusteredAuc,
  delong,
  isEmpty,
  pairedClusteredAuc,
  pairedDelong,
  rankScores,
} from '../../statistics/index.ts';
import { areaOf } from '../measures/performance.ts';
import { widthless } from '../measures/widthless.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Level } from '../opinions/opinions.ts';
import { populationOf, readRows, valuesOn } from '../opinions/population.ts';
import { speakerAt } from '../opinions/subject.ts';
import { pText } from './cohort-tables.ts';
import { classLabel } from './performance-tables.ts';
import type { ReaderQuestion } from './reader-question.ts';
import type { Cell, Table } from './table.ts';

/** The model's AUC against each other model's on the same rows: DeLong's paired test, or Obuchowski's by patient. */
export function modelPairs(question: ReaderQuestion): Table[] {
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
      ],
      rows,
      notes: [
        `${model} minus the other on the rows of both. DeLong's paired test where each patient has one row, else Obuchowski's (1997) by patient. One-threshold figures of decisions are not compared here.`,
      ],
    },
  ];
}

function compare(question: ReaderQuestion, other: string, className: ClassName, level: Level): Cell[][] {
  const { opinions, model, filter, confidence } = question;
  const all = populationOf(opinions, className, level, filter);
  const common = readRows(opinions, other, readRows(opinions, model, all));
  if (common.units.length === 0) return [];
  const ranked = (source: string) => rankScores(valuesOn(opinions, source, common), common.positive);
  const [one, two] = [ranked(model), ranked(other)];
  const head: Cell[] = [classLabel(className), level, other, common.units.length];
  const by = common.patientCount < common.units.length ? common.patients : undefined;
  const test = by ? pairedClusteredAuc(one, two, by, confidence) : pairedDelong(one, two, confidence);
  if (isEmpty(test)) {
    const areas = [one, two].map((r) =>
      areaOf(r, by ? clusteredAuc(r, by, confidence) : delong(r, confidence)),
    );
    return [[...head, ...areas, test, '']];
  }
  return [
    [...head, widthless(test.first), widthless(test.second), widthless(test.difference), pText(test.p)],
  ];
}

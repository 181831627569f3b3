import { judgeOn } from '../measures/judging.ts';
import { CLASS_NAMES } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { populationOf, readRows, type StudyFilter } from '../opinions/population.ts';
import { speakerAt } from '../opinions/subject.ts';
import type { EvaluationOptions } from '../options.ts';
import { classLabel, type Judged } from './performance-tables.ts';
import type { Cell, Table } from './table.ts';

/** Of a cross-validation: the AUC pooled out of fold, resampled by patient, and the folds' own beside it. */
export function foldTable(
  opinions: Opinions,
  model: string,
  options: EvaluationOptions,
  filter: StudyFilter,
  judged: readonly Judged[],
): Table[] {
  const reported = opinions.studies.filter((_, study) => filter(study));
  const unnamed = reported.filter(({ fold }) => fold === undefined).length;
  const folds = [...new Set(reported.map(({ fold }) => fold))]
    .filter((fold) => fold !== undefined)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (folds.length < 2) return [];
  const rows = CLASS_NAMES.flatMap((className) =>
    (['subject', 'slice'] as const).flatMap((level): Cell[][] => {
      const speaker = speakerAt(opinions, model, level);
      const pooled = judged.find(
        (one) => one.source === speaker && one.className === className && one.level === level,
      );
      if (!pooled) return [];
      const { rows, positives, bootstrapAuc = { empty: 'not resampled' } } = pooled.performance;
      const head = [classLabel(className), level];
      return [
        [...head, 'pooled', rows, positives, bootstrapAuc],
        ...folds.map((fold): Cell[] => {
          const kept: StudyFilter = (study) => filter(study) && opinions.studies[study]?.fold === fold;
          const own = readRows(opinions, speaker, populationOf(opinions, className, level, kept));
          if (own.units.length === 0) return [...head, fold, 0, 0, { empty: 'no rows' }];
          const found = judgeOn(opinions, speaker, own, { ...options, replicates: 0 });
          return [...head, fold, found.rows, found.positives, found.measures.auc ?? { empty: 'no rows' }];
        }),
      ];
    }),
  );
  return [
    {
      id: 'folds',
      title: "AUC pooled out of fold, and the folds' own",
      columns: ['Class', 'Level', 'Fold', 'Rows', 'Positive', 'AUC'],
      rows,
      notes: [
        "Pooled: interval of resampled patients. The folds' own: DeLong's variance, or Obuchowski's where patients have several rows. Scores of different folds come from different models: where pooled and own differ, the models' scales do.",
        ...(unnamed > 0 ? [`${unnamed} studies name no fold and are in the pooled figure alone.`] : []),
      ],
    },
  ];
}

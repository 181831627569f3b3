import { cohenKappa, fleissKappa, percentAgreement } from '../statistics/index.ts';
import { CLASS_NAMES } from './opinion-row.ts';
import type { Opinions } from './opinions.ts';
import { classLabel } from './performance-tables.ts';
import { readRows, type StudyFilter, valuesOn, wholePopulation } from './population.ts';
import type { Cell, Table } from './table.ts';

/** Agreement of the readers, pair by pair and over all, at both levels (paper, Table 2). */
export function agreementTables(opinions: Opinions, filter: StudyFilter, confidence: number): Table[] {
  const { readers } = opinions;
  if (readers.length < 2) return [];
  const rows = CLASS_NAMES.flatMap((className) =>
    (['subject', 'slice'] as const).flatMap((level): Cell[][] => {
      const heard = readers.filter((reader) => opinions.opinion(reader, className) !== undefined);
      const all = wholePopulation(opinions, className, level, filter);
      const common = heard.reduce((left, reader) => readRows(opinions, reader, left), all);
      if (heard.length < 2 || common.units.length === 0) return [];
      const ratings = heard.map((reader) => valuesOn(opinions, reader, common));
      const by = common.patientCount < common.units.length ? common.patients : undefined;
      const pairs = heard.flatMap((one, i) =>
        heard.slice(i + 1).map((two, k): Cell[] => {
          const [a, b] = [ratings[i] as Float64Array, ratings[i + 1 + k] as Float64Array];
          const percent = `${(100 * percentAgreement(a, b)).toFixed(0)}%`;
          return [
            classLabel(className),
            level,
            `${one} and ${two}`,
            common.units.length,
            percent,
            cohenKappa(a, b, confidence, by),
          ];
        }),
      );
      const together: Cell[] = [
        classLabel(className),
        level,
        `all ${heard.length} (Fleiss)`,
        common.units.length,
        '',
        fleissKappa(ratings, confidence, by),
      ];
      return heard.length > 2 ? [...pairs, together] : pairs;
    }),
  );
  if (rows.length === 0) return [];
  const notes = [
    "Cohen's kappa for pairs, Fleiss' for all; where patients have several rows, variances are by patient.",
  ];
  return [
    {
      id: 'agreement',
      title: 'Agreement of the readers',
      columns: ['Class', 'Level', 'Readers', 'Rows', 'Agreement', '\u03ba'],
      rows,
      notes,
    },
  ];
}

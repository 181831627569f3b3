import { cohenKappa, fleissKappa, percentAgreement } from '../../statistics/index.ts';
import { widthless } from '../measures/widthless.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Level, Opinions } from '../opinions/opinions.ts';
import { readByAll, type StudyFilter, valuesOn } from '../opinions/population.ts';
import { classLabel } from './performance-tables.ts';
import type { Cell, Table } from './table.ts';

const NOTES = [
  "Cohen's kappa for pairs, on the rows that both have read; Fleiss' for all, on those that all have read. The reference takes no part. Where patients have several rows, variances are by patient.",
];

/** Agreement of the readers, pair by pair and over all, at both levels (paper, Table 2). */
export function agreementTables(opinions: Opinions, filter: StudyFilter, confidence: number): Table[] {
  const { readers } = opinions;
  if (readers.length < 2) return [];
  const rows = CLASS_NAMES.flatMap((className) => {
    return (['subject', 'slice'] as const).flatMap((level): Cell[][] => {
      const ratingsOf = (sources: readonly string[]) => ratings(opinions, sources, className, level, filter);
      const heard = readers.filter((reader) => ratingsOf([reader]).rows > 0);
      const pairs = heard.flatMap((one, i) =>
        heard.slice(i + 1).map((two) => pairRow(`${one} and ${two}`, ratingsOf([one, two]), confidence)),
      );
      const together = heard.length > 2 ? [togetherRow(ratingsOf(heard), confidence)] : [];
      return [...pairs, ...together]
        .filter((row) => row !== undefined)
        .map((row) => [classLabel(className), level, ...row]);
    });
  });
  if (rows.length === 0) return [];
  return [
    {
      id: 'agreement',
      title: 'Agreement of the readers',
      columns: ['Class', 'Level', 'Readers', 'Rows', 'Agreement', '\u03ba'],
      rows,
      notes: NOTES,
    },
  ];
}

/** What some readers say on the rows that all of them have read. */
interface Ratings {
  readonly rows: number;
  readonly values: readonly Float64Array[];
  /** Whose each row is, where a patient has several. */
  readonly patients?: Uint32Array;
}

function ratings(
  opinions: Opinions,
  sources: readonly string[],
  className: ClassName,
  level: Level,
  filter: StudyFilter,
): Ratings {
  const common = readByAll(opinions, sources, className, level, filter);
  const rows = common.units.length;
  return {
    rows,
    values: sources.map((source) => valuesOn(opinions, source, common)),
    ...(common.patientCount < rows && { patients: common.patients }),
  };
}

function pairRow(
  who: string,
  { rows, values: [a, b], patients }: Ratings,
  confidence: number,
): Cell[] | undefined {
  if (rows === 0 || a === undefined || b === undefined) return undefined;
  const percent = `${(100 * percentAgreement(a, b)).toFixed(0)}%`;
  return [who, rows, percent, widthless(cohenKappa(a, b, confidence, patients))];
}

function togetherRow({ rows, values, patients }: Ratings, confidence: number): Cell[] {
  const who = `all ${values.length} (Fleiss)`;
  if (rows === 0) return [who, rows, '', { empty: 'no row that all have read' }];
  return [who, rows, '', widthless(fleissKappa(values, confidence, patients))];
}

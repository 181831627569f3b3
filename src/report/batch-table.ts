import { type CsvCell, csvText, HEMORRHAGE_SUBTYPES } from '../base/index.ts';
import { type BatchRow, batchText, studyNameOf } from './batch-row.ts';

const COLUMNS = [
  'input',
  'study',
  'outcome',
  'code',
  'any_hemorrhage_positive',
  'any_hemorrhage_probability',
  ...HEMORRHAGE_SUBTYPES.map(({ name }) => `${name}_probability`),
  'text',
  'folder',
  'disagreement',
  'operating_point',
  'operating_point_name',
];

function cells(row: BatchRow): CsvCell[] {
  if (row.outcome !== 'predicted') {
    const blanks = HEMORRHAGE_SUBTYPES.map(() => undefined);
    return [
      row.input,
      studyNameOf(row),
      row.outcome,
      row.code,
      undefined,
      undefined,
      ...blanks,
      row.reason,
      row.folder,
      undefined,
      undefined,
      undefined,
    ];
  }
  const { anyHemorrhage, subtypes, disagreement, operatingPoint, operatingPointName } = row.prediction;
  return [
    row.input,
    studyNameOf(row),
    row.outcome,
    undefined,
    anyHemorrhage.positive,
    anyHemorrhage.probability,
    ...HEMORRHAGE_SUBTYPES.map(({ name }) => subtypes?.[name].probability),
    batchText(row),
    row.folder,
    disagreement?.kind ?? 'none',
    operatingPoint,
    operatingPointName,
  ];
}

/** summary.csv of a batch, for programs and spreadsheets. */
export function batchTable(rows: readonly BatchRow[]): string {
  return csvText([COLUMNS, ...rows.map(cells)]);
}

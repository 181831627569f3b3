import { HEMORRHAGE_SUBTYPES } from '../base/index.ts';
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
];

/** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cells(row: BatchRow): (string | number | undefined)[] {
  if (row.outcome !== 'predicted') {
    const blanks = HEMORRHAGE_SUBTYPES.map(() => undefined);
    return [
      row.input,
      row.studyName,
      row.outcome,
      row.code,
      undefined,
      undefined,
      ...blanks,
      row.reason,
      undefined,
    ];
  }
  const { anyHemorrhage, subtypes } = row.prediction;
  return [
    row.input,
    studyNameOf(row),
    row.outcome,
    undefined,
    anyHemorrhage.positive ? 1 : 0,
    anyHemorrhage.probability,
    ...HEMORRHAGE_SUBTYPES.map(({ name }) => subtypes?.[name].probability),
    batchText(row),
    row.folder,
  ];
}

/** summary.csv of a batch, for programs and spreadsheets. */
export function batchTable(rows: readonly BatchRow[]): string {
  return [COLUMNS, ...rows.map(cells)]
    .map((line) => line.map(cell).join(','))
    .join('\r\n')
    .concat('\r\n');
}

/** Patient, study, reference, reader, probability, decision, age, helmet. */
export type ExportedRow = readonly [
  patient: string,
  study: string,
  reference: boolean,
  reader: string,
  probability: number | undefined,
  decision: boolean | undefined,
  age: number | undefined,
  helmet: string,
];

/** How a program writes a table as text. */
interface Dialect {
  readonly separator: string;
  readonly decimal?: string;
  readonly flags: readonly [string, string];
  readonly missing?: string;
  readonly quoted?: boolean;
  readonly before?: string;
  readonly after?: string;
  readonly upper?: boolean;
  readonly percent?: boolean;
}

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  'Excel, English': { separator: ',', flags: ['FALSE', 'TRUE'], before: '\ufeff' },
  'Excel, German': {
    separator: ';',
    decimal: ',',
    flags: ['FALSCH', 'WAHR'],
    before: '\ufeffsep=;\r\n',
    after: ';;',
  },
  'Excel, text with tabs': { separator: '\t', flags: ['0', '1'], after: '\t' },
  SPSS: { separator: ';', decimal: ',', flags: ['no', 'yes'], missing: ' ', upper: true },
  REDCap: { separator: ',', flags: ['No', 'Yes'], quoted: true },
  pandas: { separator: ',', flags: ['0.0', '1.0'] },
  R: { separator: ',', flags: ['FALSE', 'TRUE'], missing: 'NA', quoted: true },
  'percent, where the column says so': { separator: ',', flags: ['0', '1'], percent: true },
};

/** A known table as a program would write it. */
export function written(
  { separator, decimal = '.', flags, missing = '', quoted, before = '', after = '', ...form }: Dialect,
  rows: readonly ExportedRow[],
): string {
  const text = (cell: string | number | boolean | undefined): string => {
    if (cell === undefined) return missing;
    if (typeof cell === 'boolean') return flags[cell ? 1 : 0] ?? '';
    if (typeof cell === 'number') return String(cell).replace('.', decimal);
    return quoted ? `"${cell}"` : cell;
  };
  const names = [
    'patient',
    'study',
    'class',
    'reference',
    'reader',
    'probability',
    'decision',
    'age',
    'helmet',
  ].map((name) => (name === 'probability' && form.percent ? 'probability (%)' : name));
  const known = names.map((name) =>
    form.upper && !['age', 'helmet'].includes(name) ? name.toUpperCase() : name,
  );
  const lines = rows.map(([patient, study, reference, reader, p, decision, age, helmet]) => {
    const probability = p !== undefined && form.percent ? 100 * p : p;
    return [patient, study, 'anyHemorrhage', reference, reader, probability, decision, age, helmet].map(text);
  });
  return `${before}${[known, ...lines].map((cells) => `${cells.join(separator)}${after}\r\n`).join('')}`;
}

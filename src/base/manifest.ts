import { z } from 'zod';
import { type CsvCell, csvText } from './csv.ts';
import { HEMORRHAGE_CLASSES, type HemorrhageName, ofClasses } from './hemorrhage.ts';

/** True where the class is seen. */
export type HemorrhageLabels = Readonly<Record<HemorrhageName, boolean>>;

const absent = z.literal('').transform(() => undefined);
const flag = z.union([z.literal(['0', '1']).transform((text) => text === '1'), z.boolean()]);
const text = z.string().min(1);
const known = z.union([flag, absent]).optional().describe('1, 0, or empty where the class is not labelled.');
const classColumns = ofClasses(() => known);

/**
 * A row of Ichor's manifest, the CSV that names labelled studies: a slice's labels, or a subject's where `slice` is
 * empty. Subjects without a row of their own take theirs from their slices. Further columns tell of the study (age,
 * sex, ...) and are alike on all of its rows.
 */
export const manifestRowSchema = z.looseObject({
  source: text.describe('Whose data it is: figures are given by source.'),
  patient: text.describe('What splits keep together; a number or a code, never a name.'),
  study: text.describe('Unique within its source.'),
  path: text.describe('A DICOM folder, file or zip or a NIfTI file, relative to the manifest.'),
  slice: z
    .union([absent, z.coerce.number().int().positive()])
    .optional()
    .describe('1 for the most inferior; empty for the subject.'),
  patientSource: z
    .union([absent, text])
    .optional()
    .describe('Whose patients these are, where the scans come out of another data set.'),
  reader: z
    .union([absent, text])
    .optional()
    .describe('Who says it, where several readers have a row each: their majority is the reference.'),
  mask: z
    .union([absent, text])
    .optional()
    .describe(
      'A NIfTI file on the grid of the images, relative to the manifest: 0, or 1 to 5 where there is blood, in the order of the subtypes above.',
    ),
  ...classColumns,
});

export type ManifestRow = z.infer<typeof manifestRowSchema>;

/** The columns that every manifest has, in the order in which Ichor writes them. */
export const MANIFEST_COLUMNS = [
  'source',
  'patient',
  'study',
  'path',
  'slice',
  ...HEMORRHAGE_CLASSES.map((c) => c.name),
] as const;

/** The manifest as CSV (RFC 4180); columns beyond MANIFEST_COLUMNS follow in the order in which they are met. */
export function writeManifest(rows: readonly ManifestRow[]): string {
  const further = new Set(rows.flatMap((row) => Object.keys(row)));
  const columns = [...new Set<string>([...MANIFEST_COLUMNS, ...further])];
  return csvText([columns, ...rows.map((row) => columns.map((column) => cell(row[column])))]);
}

const cell = (value: unknown): CsvCell =>
  typeof value === 'boolean' || typeof value === 'number' ? value : String(value ?? '');

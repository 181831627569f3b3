import { type CsvCell, csvText } from './csv.ts';
import { HEMORRHAGE_CLASSES, type HemorrhageName } from './hemorrhage.ts';

/** True where the class is seen. */
export type HemorrhageLabels = Readonly<Record<HemorrhageName, boolean>>;

/**
 * A row of Ichor's manifest, the CSV that names labelled studies: a slice's labels, or a subject's where `slice` is
 * missing. cohort/ reads it by manifestRowSchema, which says what each column holds.
 */
export interface ManifestRow extends Readonly<Partial<Record<HemorrhageName, boolean | undefined>>> {
  readonly source: string;
  readonly patient: string;
  readonly study: string;
  readonly path: string;
  readonly slice?: number | undefined;
  readonly patientSource?: string | undefined;
  readonly reader?: string | undefined;
  readonly mask?: string | undefined;
  /** Further columns tell of the study. */
  readonly [column: string]: unknown;
}

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

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { decode } from 'fast-png';
import { z } from 'zod';
import { at, type StudyFile, UsageError } from '../../src/base/index.ts';
import { fileOf, niftiBytes } from '../../test/support/nifti-file.ts';

/**
 * `pos`: blood and its oedema lie on the slice; `neg`: neither; `near` and `gap`: within two slices of it, so that blood
 * may be there: not judged.
 */
const STATES = ['pos', 'neg', 'near', 'gap'] as const;
export type SliceState = (typeof STATES)[number];

const rowSchema = z.object({
  file: z.string(),
  patient: z.string(),
  slice: z.coerce.number().int(),
  state: z.enum(STATES),
});
type Row = z.infer<typeof rowSchema>;

/** One patient of PHE-SICH-CT-IDS: all of them bleed into the basal ganglia. */
export interface ExternalPatient {
  readonly patient: string;
  /** Inferior to superior. */
  readonly states: readonly SliceState[];
  /** The series as a NIfTI file, as a user would give it. */
  study(): Promise<StudyFile>;
}

/** What the pictures are, and what is made of them: they stop at -20 and 100 HU, as air and bone do not. */
export const EXTERNAL_FORM = {
  about:
    'HU = value / 2 - 20; 100 HU and more becomes bone (800 HU), -20 and less becomes air (-1000 HU); 1 x 1 x 5 mm, left and right unknown',
  lowestHu: -20,
  huPerGrey: 0.5,
  bone: { from: 100, hu: 800 },
  air: { to: -20, hu: -1000 },
  spacingMm: 1,
  stepMm: 5,
} as const;

/** The patients in the order of labels.csv. Throws UsageError `external-data-missing`. */
export async function readPheSich(folder: string): Promise<ExternalPatient[]> {
  const table = path.join(folder, 'labels.csv');
  if (!existsSync(table)) {
    const text = `${table} is not there: the external test needs PHE-SICH-CT-IDS (doi:10.6084/m9.figshare.23957937) as 256 x 256 pictures with labels.csv; give its folder with --data`;
    throw new UsageError('external-data-missing', text);
  }
  const rows = z.array(rowSchema).parse(parse(await readFile(table), { columns: true, bom: true }));
  return [...Map.groupBy(rows, ({ patient }) => patient)].map(([patient, own]) => {
    const slices = own.toSorted((a, b) => a.slice - b.slice);
    return { patient, states: slices.map(({ state }) => state), study: () => studyOf(folder, slices) };
  });
}

async function studyOf(folder: string, slices: readonly Row[]): Promise<StudyFile> {
  const pictures = await Promise.all(
    slices.map(async ({ file }) => decode(await readFile(path.join(folder, file)))),
  );
  const { width, height } = at(pictures, 0);
  const { spacingMm, stepMm } = EXTERNAL_FORM;
  const bytes = niftiBytes({
    sizes: [width, height, pictures.length],
    // NIfTI counts to the right and to the front, pictures to the left and to the back
    transformation: [
      [-spacingMm, 0, 0, (spacingMm * width) / 2],
      [0, -spacingMm, 0, (spacingMm * height) / 2],
      [0, 0, stepMm, 0],
    ],
    valueAt: (column, row, slice) => huOf(at(at(pictures, slice).data, row * width + column)),
  });
  return fileOf(`${at(slices, 0).patient}.nii`, bytes);
}

function huOf(grey: number): number {
  const { lowestHu, huPerGrey, bone, air } = EXTERNAL_FORM;
  const hu = lowestHu + huPerGrey * grey;
  if (hu >= bone.from) return bone.hu;
  return hu <= air.to ? air.hu : Math.round(hu);
}

import { z } from 'zod';
import { type ManifestRow, ofClasses } from '../../base/index.ts';

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
}) satisfies z.ZodType<ManifestRow>;

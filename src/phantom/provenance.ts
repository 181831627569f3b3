import { z } from 'zod';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../base/index.ts';
import type { CohortPhantom } from './cohort/cohort-phantoms.ts';
import { scannerSchema } from './cohort/cohort-settings.ts';
import { MIMIC_NAMES } from './head/head-plan.ts';
import type { Phantom } from './phantom.ts';

const bleedSettings = z.strictObject({
  subtype: z.enum(HEMORRHAGE_SUBTYPE_NAMES),
  volumeMl: z.number().optional(),
  thicknessMm: z.number().optional(),
  hu: z.number().optional(),
});

/** How a phantom was made and what is in it: `phantom.json` beside its DICOM folder. */
export const phantomProvenanceSchema = z.strictObject({
  format: z.literal('ichor-phantom'),
  /** Grows when the same options would give other numbers: studies of another version are made anew. */
  version: z.literal(1),
  /** What createPhantom was asked for. */
  options: z.strictObject({
    seed: z.number().int().nonnegative(),
    bleeds: z.array(bleedSettings),
    mimics: z.array(z.enum(MIMIC_NAMES)),
    scanner: scannerSchema,
  }),
  slices: z.number().int().positive(),
  fieldOfViewMm: z.number(),
  noiseHu: z.number(),
  bleeds: z.array(
    z.strictObject({
      subtype: z.enum(HEMORRHAGE_SUBTYPE_NAMES),
      measuredMl: z.number().describe('Volume of its mask.'),
      slices: z.array(z.number().int().positive()).describe('Where it shows: 1 for the most inferior.'),
    }),
  ),
});
export type PhantomProvenance = z.infer<typeof phantomProvenanceSchema>;

export function phantomProvenance(phantom: Phantom, options: CohortPhantom): string {
  const provenance: PhantomProvenance = {
    format: 'ichor-phantom',
    version: 1,
    options: asWritten(options),
    slices: phantom.volume.slices,
    fieldOfViewMm: phantom.scan.fieldOfViewMm,
    noiseHu: phantom.scan.noiseHu,
    bleeds: phantom.bleeds.map(({ subtype, measuredMl, slices }) => ({
      subtype,
      measuredMl,
      slices: slices.map((slice) => slice + 1),
    })),
  };
  return `${JSON.stringify(provenance, null, 2)}\n`;
}

/** Whether a study that is there was made from the same options. */
export const isMadeFrom = (provenance: PhantomProvenance, options: CohortPhantom): boolean =>
  JSON.stringify(provenance.options) ===
  JSON.stringify(phantomProvenanceSchema.shape.options.parse(asWritten(options)));

const asWritten = ({ seed, bleeds, mimics, scanner }: CohortPhantom) => ({
  seed,
  bleeds: [...bleeds],
  mimics: [...mimics],
  scanner,
});

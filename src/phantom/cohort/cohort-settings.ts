import { z } from 'zod';
import { UsageError } from '../../base/index.ts';
import { MIMIC_NAMES } from '../head/head-plan.ts';

/** Lowest and highest value of a uniform draw. */
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'the first number is the smaller one')
  .readonly();
const share = z.number().min(0).max(1);

/** A scanner's head protocol; makers, models, thicknesses and spacings within the paper's supplementary table 1. */
export const scannerSchema = z.strictObject({
  manufacturer: z.string().min(1),
  model: z.string().min(1),
  kernel: z.strictObject({
    name: z.string().min(1),
    blurMm: z.number().positive().max(3).describe('Deviation of the point spread, mm.'),
    sharpening: z
      .number()
      .min(0)
      .max(2)
      .describe('How much of what a wider blur takes is added: edge enhancement.'),
  }),
  noiseHu: range.describe('Deviation of the noise in the brain, HU.'),
  side: z.number().int().min(128).max(1024).describe('Rows and columns.'),
  fieldOfViewMm: range,
  sliceThicknessMm: z.number().min(0.5).max(10),
  sliceSpacingMm: z.number().min(0.5).max(10),
  exposureTimeMs: z.number().int().positive(),
});
export type Scanner = Readonly<z.infer<typeof scannerSchema>>;

/** How a cohort of phantoms is drawn: the same settings give the same studies. */
export const phantomCohortSchema = z.strictObject({
  name: z.string().min(1),
  about: z.string(),
  firstSeed: z.number().int().nonnegative().describe('Subjects have the seeds from here on, one each.'),
  subjects: z.number().int().positive(),
  bleedingShare: share,
  /** Shares of the bleeding subjects with one, two and three subtypes. */
  subtypesEach: z.tuple([share, share, share]).readonly(),
  mimics: z.strictObject({
    names: z.array(z.enum(MIMIC_NAMES)).min(1).readonly(),
    normalShare: share.describe('Of the normal subjects, how many have one or two of them.'),
    bleedingShare: share,
  }),
  sizes: z.strictObject({
    intraparenchymalMl: z.strictObject({
      median: z.number().positive(),
      logDeviation: z.number().min(0),
      range,
    }),
    intraventricularLayerMm: range,
    subduralMm: range,
    epiduralMm: range,
    subarachnoidMm: range,
  }),
  bloodHu: range,
  scanners: z.array(scannerSchema).min(1).readonly(),
});
export type PhantomCohortSettings = Readonly<z.infer<typeof phantomCohortSchema>>;

/** Reads settings from their JSON. Throws UsageError `phantom-cohort-settings`. */
export function readPhantomCohort(text: string, where: string): PhantomCohortSettings {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UsageError('phantom-cohort-settings', `${where} is not JSON: ${String(cause)}`, { cause });
  }
  const checked = phantomCohortSchema.safeParse(parsed);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  const told = `${where} does not describe a cohort of phantoms (${faults}); compare it with models/phantom-training-cohort.json`;
  throw new UsageError('phantom-cohort-settings', told);
}

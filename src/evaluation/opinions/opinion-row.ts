import { z } from 'zod';
import { HEMORRHAGE_CLASSES } from '../../base/index.ts';

/** The six classes by name, any hemorrhage first. */
export const CLASS_NAMES = HEMORRHAGE_CLASSES.map((c) => c.name);

export type ClassName = (typeof CLASS_NAMES)[number];

const words = z.string().trim().min(1);
const absent = z.literal('').transform(() => undefined);
const flag = z.enum(['0', '1']).transform((text) => (text === '1' ? 1 : 0));
const classNames = CLASS_NAMES as unknown as [ClassName, ...ClassName[]];

/** A number in 0..1, written with a point. */
const probability = z
  .string()
  .regex(/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/, 'is no number')
  .transform(Number)
  .refine((value) => value >= 0 && value <= 1, 'lies outside 0..1');

/**
 * One row of the input: what one reader or model says of one class in one study, or in one of its slices. Columns
 * beyond these are covariates of the study (age, sex, scanner, ...).
 */
export const opinionRowSchema = z.looseObject({
  /** A code, never a name: what resampling keeps together. */
  patient: words,
  study: words,
  /** 1 for the most inferior; empty for the subject. */
  slice: z.union([absent, z.coerce.number().int().positive()]).optional(),
  class: z.enum(classNames),
  /** The reference standard. A CSV gives it on every row of who is not excluded; a cohort's class on which readers tie has none. */
  reference: z.union([absent, flag]).optional(),
  /** Who says it: a model, or a human reader. */
  reader: words,
  /** Of a model; empty where `decision` is given. */
  probability: z.union([absent, probability]).optional(),
  /** Of a reader with one threshold: 0 or 1. */
  decision: z.union([absent, flag]).optional(),
  /** Which set the study belongs to: operating points are chosen on one and applied to another. Default `test`. */
  set: z.union([absent, words]).optional(),
  /** Of a cross-validation: the fold in which the study was held out. */
  fold: z.union([absent, words]).optional(),
  /** Why the study is left out; empty where it is in. */
  excluded: z.union([absent, words]).optional(),
});

export type OpinionRow = z.infer<typeof opinionRowSchema>;

/** Columns with a meaning of their own: all others are covariates. */
export const KNOWN_COLUMNS: ReadonlySet<string> = new Set(Object.keys(opinionRowSchema.shape));

/** Columns that the input cannot do without; of `probability` and `decision` one is needed. */
export const REQUIRED_COLUMNS = ['patient', 'study', 'class', 'reference', 'reader'] as const;

/** What a cohort tells of a study, as columns of an opinion: none of them is taken for one that has a meaning here. */
export const asCovariates = (told: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(told).map(([name, value]) => [KNOWN_COLUMNS.has(name) ? `${name} (told)` : name, value]),
  );

import { z } from 'zod';
import { HEMORRHAGE_CLASSES } from '../../base/index.ts';

/** The six classes by name, any hemorrhage first. */
export const CLASS_NAMES = HEMORRHAGE_CLASSES.map((c) => c.name);

export type ClassName = (typeof CLASS_NAMES)[number];

const words = z.string().trim().min(1);
/** Nothing, or what R writes for it. */
const absent = z.enum(['', 'NA']).transform(() => undefined);

/** What Excel, SPSS, R and pandas write for 0 and 1, in English and German. */
const FLAGS: Readonly<Record<string, 0 | 1>> = {
  '0': 0,
  '0.0': 0,
  '0,0': 0,
  no: 0,
  nein: 0,
  false: 0,
  falsch: 0,
  '1': 1,
  '1.0': 1,
  '1,0': 1,
  yes: 1,
  ja: 1,
  true: 1,
  wahr: 1,
};
const flag = z.string().transform((text, context) => {
  const word = text.trim().toLowerCase();
  const value = Object.hasOwn(FLAGS, word) ? FLAGS[word] : undefined;
  if (value !== undefined) return value;
  context.addIssue('is neither 0 nor 1');
  return z.NEVER;
});

/** A class by its name, however its letters and blanks are written. */
const plainName = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, '');
const CLASSES = new Map(CLASS_NAMES.map((name) => [plainName(name), name]));
const className = z.string().transform((text, context): ClassName => {
  const name = CLASSES.get(plainName(text));
  if (name !== undefined) return name;
  context.addIssue('is not a class');
  return z.NEVER;
});

/** A number in 0..1, with a point or a decimal comma, or as percent. */
const probability = z
  .string()
  .regex(/^\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*%?\s*$/, 'is not a number')
  .transform((text) => {
    const value = Number(text.replace(',', '.').replace('%', ''));
    return text.includes('%') ? value / 100 : value;
  })
  .refine((value) => value >= 0 && value <= 1, 'lies outside 0..1');

/** 12, and 12.0 as pandas writes it beside empty cells. */
const sliceNumber = z
  .string()
  .transform((text) => Number(text.replace(',', '.')))
  .pipe(z.number().int().positive());

/**
 * One row of the input: what one reader or model says of one class in one study, or in one of its slices. Columns
 * beyond these are covariates of the study (age, sex, scanner, ...).
 */
export const opinionRowSchema = z.looseObject({
  /** A code, never a name: what resampling keeps together. */
  patient: words,
  study: words,
  /** 1 for the most inferior; empty for the subject. */
  slice: z.union([absent, sliceNumber]).optional(),
  class: className,
  /** The reference standard. A CSV gives it on every row of who is not excluded; a cohort's class on which readers tie has none. */
  reference: z.union([absent, flag]).optional(),
  /** Who says it: a model, or a human reader. */
  reader: words,
  /** Of a model; empty where `decision` is given. */
  probability: z.union([absent, probability]).optional(),
  /** Of a reader with one threshold: 0 or 1. */
  decision: z.union([absent, flag]).optional(),
  /** What the reader was helped by, as the name of a model; empty of readers alone, and of models. */
  aid: z.union([absent, words]).optional(),
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

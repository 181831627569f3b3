import { z } from 'zod';
import { UsageError } from '../base/index.ts';

const countSchema = z.object({
  right: z.number().int().nonnegative(),
  of: z.number().int().positive(),
});

export const operatingPointSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** Positive means a probability of at least this. */
  probability: z.number().min(0).max(1),
  /** How it was chosen, in words. */
  chosen: z.string(),
  /** On which subjects it was judged, and how many it called rightly. */
  measured: z.array(
    z.object({
      on: z.string(),
      /** Of those with hemorrhage. */
      found: countSchema,
      /** Of those without; absent where a set has none. */
      negative: countSchema.optional(),
    }),
  ),
});
export type OperatingPoint = z.infer<typeof operatingPointSchema>;

/** The probability from which on a prediction is positive; its name and what it misses where the model's card knows them. */
export interface SpokenPoint {
  readonly probability: number;
  readonly name?: string;
  readonly misses?: string;
}

/** What choosing an operating point needs of a card. */
export interface PointsOfCard {
  readonly name: string;
  readonly operatingPoint: number;
  readonly operatingPoints?: readonly OperatingPoint[] | undefined;
}

/** The point that was asked for by name or as a probability; the model's own by default. Throws UsageError `operating-point-unknown`. */
export function operatingPointOf(card: PointsOfCard, asked?: string | number): SpokenPoint {
  const points = card.operatingPoints ?? [];
  if (typeof asked === 'string') {
    const named = points.find(({ name }) => name === asked);
    if (named === undefined) throw unknownPoint(card, asked);
    return spoken(named);
  }
  const probability = asked ?? card.operatingPoint;
  const same = points.find((point) => point.probability === probability);
  return same === undefined ? { probability } : spoken(same);
}

/** The point of a service unless it is configured: it is to miss few bleeds. */
const TRIAGE = 'triage';

/** The point that a service takes: what is configured, else `triage` where the model has it, else the model's own. */
export const triagePointOf = (card: PointsOfCard, asked?: string | number): string | number | undefined =>
  asked ?? card.operatingPoints?.find(({ name }) => name === TRIAGE)?.name;

/**
 * The sensitivity and specificity of a point on the card's first set that has both kinds of subjects; of the point that a
 * service takes by default. Throws UsageError `operating-point-unknown`, `operating-point-unmeasured`.
 */
export function measuredRates(card: PointsOfCard, asked?: string) {
  const wanted = triagePointOf(card, asked) ?? card.operatingPoint;
  const point = card.operatingPoints?.find(({ name, probability }) => [name, probability].includes(wanted));
  if (point === undefined && typeof wanted === 'string') throw unknownPoint(card, wanted);
  for (const { on, found, negative } of point?.measured ?? []) {
    if (negative === undefined) continue;
    return {
      sensitivity: found.right / found.of,
      specificity: negative.right / negative.of,
      source: `operating point ${point?.name} of ${card.name}, ${found.right} of ${found.of} and ${negative.right} of ${negative.of} subjects right (${on})`,
    };
  }
  throw new UsageError(
    'operating-point-unmeasured',
    `the card of the model ${card.name} does not say how often the operating point ${wanted} is right: give --sensitivity and --specificity`,
  );
}

const spoken = (point: OperatingPoint): SpokenPoint => ({
  probability: point.probability,
  name: point.name,
  misses: missesText(point),
});

function unknownPoint(
  { name, operatingPoint, operatingPoints = [] }: PointsOfCard,
  asked: string,
): UsageError {
  const known = operatingPoints.map((point) => `${point.name} (${point.probability})`);
  const has = known.length > 0 ? known.join(', ') : `none with a name, and ${operatingPoint} by default`;
  const text = `the model ${name} has no operating point "${asked}", it has ${has}: give one of these or a probability from 0 to 1`;
  return new UsageError('operating-point-unknown', text);
}

/** `Measured at it: 8 of 24 subjects with hemorrhage missed, 1 of 33 without called positive (57 patients out of fold).` */
export function missesText({ measured }: OperatingPoint): string {
  const sets = measured.map(({ on, found, negative }) => {
    const missed = `${found.of - found.right} of ${found.of} subjects with hemorrhage missed`;
    const alarms = negative && `, ${negative.of - negative.right} of ${negative.of} without called positive`;
    return `${missed}${alarms ?? ''} (${on})`;
  });
  return sets.length === 0 ? 'Not measured.' : `Measured at it: ${sets.join('; ')}.`;
}

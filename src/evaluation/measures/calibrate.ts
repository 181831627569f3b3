import { largestOf, RefusedInput, smallestOf } from '../../base/index.ts';
import type { StoredCalibration } from '../../network/index.ts';
import { type Empty, fitPlatt, fitTemperature, impliedThreshold, isEmpty } from '../../statistics/index.ts';
import { CLASS_NAMES } from '../opinions/opinion-row.ts';
import { type Opinions, refuseUnknownSet } from '../opinions/opinions.ts';
import { inSet, populationOf, readRows, valuesOn } from '../opinions/population.ts';
import { classLabel } from '../tables/performance-tables.ts';

export interface CalibrationOptions {
  readonly kind: StoredCalibration['kind'];
  /** The model whose probabilities are fitted. */
  readonly reader: string;
  /** Subjects of this set; whoever is reported on must not be in it. */
  readonly set: string;
}

const FITS = { temperature: fitTemperature, platt: fitPlatt } as const;

/** A map fitted on fewer subjects of a kind says little of others. */
const FEWEST_OF_A_KIND = 10;

/** Why no map should be fitted: too few subjects of a kind, or classes that no finite map can follow. */
function unfit(values: Float64Array, positive: Uint8Array): Empty | undefined {
  const of = (kind: 0 | 1): Float64Array => values.filter((_, row) => positive[row] === kind);
  const [negatives, positives] = [of(0), of(1)];
  if (Math.min(positives.length, negatives.length) < FEWEST_OF_A_KIND)
    return {
      empty: `${positives.length} positive and ${negatives.length} negative subjects, at least ${FEWEST_OF_A_KIND} of each are needed`,
    };
  if (largestOf(negatives) < smallestOf(positives))
    return { empty: 'the classes are separated: no finite map follows them' };
  return undefined;
}

export interface FittedCalibration {
  readonly stored: readonly StoredCalibration[];
  /** Classes that could not be fitted, each with the reason. */
  readonly left: readonly string[];
}

/**
 * A map of each class' subject probabilities, fitted on one set of opinions (subtypes on subjects with hemorrhage).
 * @throws RefusedInput `unknown-model` where the input has no probabilities of that name, `unknown-set`,
 * `nothing-to-fit` where no class could be fitted
 */
export function fitCalibration(
  opinions: Opinions,
  { kind, reader, set }: CalibrationOptions,
): FittedCalibration {
  if (!opinions.models.includes(reader)) {
    const known = opinions.models.join(', ') || 'none';
    throw new RefusedInput('unknown-model', `the input has no model ${reader}; it has ${known}`);
  }
  refuseUnknownSet(opinions, set);
  const stored: StoredCalibration[] = [];
  const left: string[] = [];
  for (const className of CLASS_NAMES) {
    const all = populationOf(opinions, className, 'subject', inSet(opinions, set));
    const population = readRows(opinions, reader, all);
    const values = valuesOn(opinions, reader, population);
    const fit = unfit(values, population.positive) ?? FITS[kind](values, population.positive);
    if (isEmpty(fit)) {
      left.push(`${classLabel(className)}: ${fit.empty}`);
      continue;
    }
    const positives = population.positive.reduce((sum, one) => sum + one, 0);
    const fittedOn = `${population.positive.length} ${population.description} of set ${set}, ${positives} positive`;
    const { slope, intercept } = fit;
    stored.push({
      class: className,
      kind,
      slope,
      intercept,
      impliedThreshold: impliedThreshold(fit),
      fittedOn,
    });
  }
  if (stored.length > 0) return { stored, left };
  throw new RefusedInput(
    'nothing-to-fit',
    `no class of ${reader} on set ${set} can be calibrated: ${left.join('; ')}`,
  );
}

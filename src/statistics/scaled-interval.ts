import { type BootstrapInterval, percentileInterval } from './bootstrap.ts';
import { normalMultiple, tMultiple } from './distributions.ts';
import { type Empty, type Estimate, isEmpty, withoutInterval } from './measurement.ts';

/** A scale on which the errors of a statistic are nearer to normal than on its own, and how fast it runs at a value. */
interface Scale {
  readonly to: (value: number) => number;
  readonly from: (scaled: number) => number;
  readonly slope: (value: number) => number;
}

/** `logit` for what lies between 0 and 1, `log` for what lies above 0. */
const SCALES = {
  logit: {
    to: (value) => Math.log(value / (1 - value)),
    from: (scaled) => 1 / (1 + Math.exp(-scaled)),
    slope: (value) => 1 / (value * (1 - value)),
  },
  log: { to: Math.log, from: Math.exp, slope: (value) => 1 / value },
} as const satisfies Record<string, Scale>;

export type ScaleName = keyof typeof SCALES;

/**
 * The normal (or t) interval of a value with its standard error, made on another scale by the delta method and taken
 * back. For AUCs on the logit scale: Pepe, The Statistical Evaluation of Medical Tests, 2003, section 5.2; Qin &
 * Hotilovac, Statistical Methods in Medical Research 2008;17:207. It stays within the scale's ends and covers near
 * them, where value +- z * standard error does not. Without an interval at an end, or with a standard error of 0.
 */
export function scaledInterval(
  { value, standardError }: { readonly value: number; readonly standardError: number },
  scale: ScaleName,
  confidence = 0.95,
  degreesOfFreedom = Number.POSITIVE_INFINITY,
): Estimate {
  const { to, from, slope } = SCALES[scale];
  const multiple = Number.isFinite(degreesOfFreedom)
    ? tMultiple(confidence, degreesOfFreedom)
    : normalMultiple(confidence);
  const reach = multiple * standardError * slope(value);
  if (!(reach > 0 && Number.isFinite(reach))) return withoutInterval(value, 'estimated variance 0');
  return { value, standardError, low: from(to(value) - reach), high: from(to(value) + reach) };
}

/** How the interval of a resampled value is made. */
export interface ResampledScale {
  readonly scale: ScaleName | 'percentile';
  readonly confidence: number;
  /** Patients that the standard deviation of the replicates rests on, less one. */
  readonly degreesOfFreedom: number;
}

/**
 * The interval around a value whose patients were resampled: on a scale by the replicates' standard deviation and t, or
 * the replicates' percentiles, which cover less where patients are few.
 * Empty where more than a tenth of the replicates has no value.
 */
export function resampledInterval(
  value: number,
  replicates: Float64Array,
  { scale, confidence, degreesOfFreedom }: ResampledScale,
): BootstrapInterval | Empty {
  const found = percentileInterval(value, replicates, confidence);
  if (scale === 'percentile' || isEmpty(found)) return found;
  const { standardError = 0 } = found;
  return { ...found, ...scaledInterval({ value, standardError }, scale, confidence, degreesOfFreedom) };
}

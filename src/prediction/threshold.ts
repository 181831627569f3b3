import type { HemorrhageName } from '../base/index.ts';

/** What a prediction's classes are held to. */
export interface Thresholds {
  readonly operatingPoint: number;
  /** Absent in predictions of earlier versions, whose subtypes were held to the operating point. */
  readonly subtypeThreshold?: number | undefined;
}

/**
 * The probability from which on a class is positive. An operating point is chosen and measured on any hemorrhage, and may lie
 * far from where a subtype is as likely as not: subtypes keep the model's own.
 */
export const thresholdOf = (
  { operatingPoint, subtypeThreshold = operatingPoint }: Thresholds,
  name: HemorrhageName,
): number => (name === 'anyHemorrhage' ? operatingPoint : subtypeThreshold);

import type { OperatingRule } from '../statistics/index.ts';
import type { ReadingRoom } from './measures/triage.ts';

/** The model of a report on readers alone. */
export const NO_MODEL = '';

/** What an evaluation is asked for. */
export interface EvaluationOptions {
  /** The model that readers and other models are compared with; default: the first that gives probabilities. */
  readonly model?: string;
  /** Readers to compare with; default: all in the input. */
  readonly readers?: readonly string[];
  /** Positive from here on (paper: 0.5). */
  readonly threshold: number;
  /** The set whose performance is reported. */
  readonly reportOn: string;
  /** The set on which operating points and calibration are chosen. */
  readonly chooseOn: string;
  readonly rules: readonly OperatingRule[];
  readonly confidence: number;
  /** Patient-resampled replicates. */
  readonly replicates: number;
  readonly seed: number;
  readonly prevalences: readonly number[];
  readonly readingRoom: ReadingRoom;
  /** By how much readers with help may be worse and still count as not inferior. */
  readonly margin?: number;
  /** Covariates written in numbers that are codes of categories. */
  readonly categorical?: readonly string[];
  /** What the cards of the models say that they were made with, by the model's name; printed, not checked. */
  readonly madeWith?: Readonly<Record<string, readonly string[]>>;
}

export const DEFAULT_OPTIONS: EvaluationOptions = Object.freeze({
  threshold: 0.5,
  reportOn: 'test',
  chooseOn: 'validation',
  rules: [
    { rule: 'youden' },
    { rule: 'specificity-at-sensitivity', sensitivity: 0.95 },
    { rule: 'sensitivity-at-specificity', specificity: 0.95 },
  ] as const,
  confidence: 0.95,
  replicates: 2000,
  seed: 2019,
  prevalences: [0.02, 0.05, 0.1, 0.2, 0.4, 0.65],
  readingRoom: { arrivalsPerHour: 5, readingMinutes: 10, modelMinutes: 0.5, studies: 200_000 },
});

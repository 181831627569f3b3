import type {
  Confusion,
  DecisionStatistic,
  Measurement,
  RateName,
  ReliabilityBin,
  RocBandPoint,
} from '../../statistics/index.ts';

/** Rows to be judged, in plain arrays that a worker can be sent. */
export interface JudgedRows {
  readonly values: Float64Array;
  readonly positive: Uint8Array;
  /** 0 .. patientCount - 1. */
  readonly patients: Uint32Array;
  readonly patientCount: number;
}

export interface JudgeOptions {
  /** Positive from here on. */
  readonly threshold: number;
  readonly confidence: number;
  readonly replicates: number;
  readonly seed: number;
  /** Decisions of a reader: no curve, no calibration. */
  readonly decisionsOnly?: boolean;
  /** False positive rates at which the ROC curve gets an interval; none by default. */
  readonly bandRates?: readonly number[];
  /** Prevalences at which predictive values are wanted; none by default. */
  readonly prevalences?: readonly number[];
}

export interface JudgeTask {
  readonly rows: JudgedRows;
  readonly options: JudgeOptions;
}

/** Measures besides the rates. */
export type MeasureName =
  | RateName
  | 'positiveLikelihoodRatio'
  | 'negativeLikelihoodRatio'
  | 'f1'
  | 'auc'
  | 'averagePrecision'
  | 'oneThresholdAuc'
  | 'brier'
  | 'logLoss'
  | 'calibrationSlope'
  | 'calibrationIntercept'
  | 'calibrationInTheLarge';

/** How an interval was made; the methods paragraph names those that were used. */
export type IntervalMethod =
  | 'Wilson'
  | 'Wilson, on patients'
  | 'logit'
  | 'DeLong'
  | 'Obuchowski'
  | 'Simel'
  | 'patient bootstrap'
  | 'percentiles of patients'
  | 'Wald'
  | 'Wald, by patient';

/** A number with the way in which its interval was made. */
export type Measured = Measurement & { readonly method: IntervalMethod };

/** PPV and NPV at a prevalence. */
export interface PredictiveAt {
  readonly prevalence: number;
  readonly ppv: Measured;
  readonly npv: Measured;
}

/** All measures of one source on one population. */
export interface Performance {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  readonly patients: number;
  /** Patients with a positive row, and with a negative one. */
  readonly positivePatients: number;
  readonly negativePatients: number;
  readonly threshold: number;
  readonly confusion: Confusion;
  readonly measures: Readonly<Partial<Record<MeasureName, Measured>>>;
  /** Clopper and Pearson's intervals of the rates, where rows are independent. */
  readonly exact: Readonly<Partial<Record<RateName, Measurement>>>;
  /** AUC by patient bootstrap, beside the analytic one. */
  readonly bootstrapAuc?: Measured;
  /** The AUC with the plain normal interval, as pROC's ci.auc gives it. */
  readonly plainAuc?: Measurement;
  readonly bins: readonly ReliabilityBin[];
  /** The ROC curve with its intervals, where it was asked for. */
  readonly band: readonly RocBandPoint[];
  readonly predictive: readonly PredictiveAt[];
}

/** Of each measure that is resampled one number a replicate. */
export type Replicates = Partial<
  Record<DecisionStatistic | 'auc' | 'averagePrecision' | 'brier' | 'logLoss', Float64Array>
>;

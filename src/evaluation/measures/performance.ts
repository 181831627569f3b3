import {
  auc,
  averagePrecision,
  bootstrap,
  brierTerms,
  type Calibration,
  calibrationOf,
  clusteredAuc,
  confusionAt,
  decisionStatistics,
  delong,
  isEmpty,
  keptResampling,
  logLossTerms,
  type Measurement,
  meanOfTerms,
  meanStatistics,
  type RankedScores,
  type Resampling,
  type RocBandPoint,
  rankingStatistics,
  rankScores,
  reliabilityBins,
  rocBand,
  type ScaleName,
  scaledInterval,
  seededResampling,
  withoutInterval,
} from '../../statistics/index.ts';
import {
  decisionMeasures,
  exactIntervals,
  predictiveMeasures,
  type RateQuestion,
  rateIntervals,
  resampled,
} from './decision-measures.ts';
import type { IntervalMethod, JudgedRows, JudgeOptions, Performance, Replicates } from './measures.ts';
import { widthless } from './widthless.ts';

/**
 * Every measure of one source on one population. Where each patient has one row, rates take Wilson's interval and the
 * AUC DeLong's variance; where patients have several, rates are resampled by patient and the AUC's variance is
 * Obuchowski's. Intervals of AUCs are made on the logit scale.
 */
export function judge(rows: JudgedRows, options: JudgeOptions): Performance {
  const { values, positive, patients, patientCount } = rows;
  const confusion = confusionAt(values, positive, options.threshold);
  const positives = positive.reduce((sum, flag) => sum + flag, 0);
  const independent = patientCount === values.length;
  const withRows = (kind: number): number =>
    new Set(patients.filter((_, row) => positive[row] === kind)).size;
  const [positivePatients, negativePatients] = [withRows(1), withRows(0)];
  const question = {
    rows,
    confusion,
    replicated: replicate(rows, options),
    threshold: options.threshold,
    confidence: options.confidence,
    degreesOfFreedom: Math.max(1, Math.min(positivePatients, negativePatients) - 1),
  };
  const { prevalences = [] } = options;
  return {
    rows: values.length,
    positives,
    negatives: values.length - positives,
    patients: patientCount,
    positivePatients,
    negativePatients,
    threshold: options.threshold,
    confusion,
    measures: {
      ...rateIntervals(question),
      ...decisionMeasures(question),
      ...(options.decisionsOnly ? {} : scoreMeasures(question)),
    },
    exact: independent ? exactIntervals(confusion, options.confidence) : {},
    ...(options.decisionsOnly ? {} : furtherAucs(question)),
    bins: options.decisionsOnly ? [] : reliabilityBins(values, positive, 10, options.confidence),
    band: options.decisionsOnly ? [] : bandOf(rows, options),
    predictive: prevalences.map((prevalence) => predictiveMeasures(prevalence, question)),
  };
}

/** The resampling that was used last: most populations of an evaluation have as many patients, and so the same draws. */
let last: { readonly key: string; readonly resampling: Resampling } | undefined;

function resamplingOf(patients: number, { replicates, seed }: JudgeOptions): Resampling {
  const key = `${patients} ${replicates} ${seed}`;
  if (last?.key !== key)
    last = { key, resampling: keptResampling(seededResampling(patients, replicates, seed)) };
  return last.resampling;
}

function replicate(rows: JudgedRows, options: JudgeOptions): Replicates {
  const { values, positive, patients, patientCount } = rows;
  if (options.replicates === 0 || patientCount === 0) return {};
  const resampling = resamplingOf(patientCount, options);
  const called = Uint8Array.from(values, (value) => (value >= options.threshold ? 1 : 0));
  const decisions = decisionStatistics(positive, called, patients, patientCount);
  if (options.decisionsOnly) return bootstrap(resampling, decisions);
  const ranking = rankingStatistics(rankScores(values, positive), patients);
  const terms = { brier: brierTerms(values, positive), logLoss: logLossTerms(values, positive) };
  const means = meanStatistics(terms, patients, patientCount);
  return bootstrap(resampling, (weights) => ({
    ...decisions(weights),
    ...ranking(weights),
    ...means(weights),
  }));
}

/** Beyond this many rows times replicates a band takes fewer replicates, but never fewer than FEWEST_FOR_BAND. */
const BAND_WORK = 4e7;
const FEWEST_FOR_BAND = 200;

function bandOf(rows: JudgedRows, options: JudgeOptions): readonly RocBandPoint[] {
  const { values, positive, patients, patientCount } = rows;
  const { bandRates = [], replicates, confidence } = options;
  if (bandRates.length === 0 || replicates === 0) return [];
  const most = Math.max(FEWEST_FOR_BAND, Math.floor(BAND_WORK / values.length));
  const resampling = resamplingOf(patientCount, options);
  const first = { ...resampling, replicates: Math.min(replicates, most) };
  const band = rocBand(rankScores(values, positive), patients, first, bandRates, confidence);
  return isEmpty(band) ? [] : band;
}

function scoreMeasures({ rows, replicated, confidence, degreesOfFreedom }: RateQuestion) {
  const { values, positive, patients, patientCount } = rows;
  const ranked = rankScores(values, positive);
  const independent = patientCount === values.length;
  const around = (m: Measurement | { readonly value: number }, name: keyof Replicates, scale: ScaleName) =>
    isEmpty(m)
      ? { ...m, method: 'patient bootstrap' as const }
      : resampled(m.value, replicated[name], { scale, confidence, degreesOfFreedom }, '');
  const calibration: Calibration = calibrationOf(
    values,
    positive,
    confidence,
    independent ? undefined : patients,
  );
  const method: IntervalMethod = independent ? 'Wald' : 'Wald, by patient';
  return {
    auc: {
      ...areaOf(ranked, independent ? undefined : patients, confidence),
      method: independent ? ('DeLong' as const) : ('Obuchowski' as const),
    },
    averagePrecision: around(averagePrecision(ranked), 'averagePrecision', 'logit'),
    brier: around(meanOfTerms(brierTerms(values, positive)), 'brier', 'logit'),
    logLoss: around(meanOfTerms(logLossTerms(values, positive)), 'logLoss', 'log'),
    calibrationSlope: { ...calibration.slope, method },
    calibrationIntercept: { ...calibration.intercept, method },
    calibrationInTheLarge: { ...calibration.inTheLarge, method },
  };
}

/**
 * An AUC with its interval on the logit scale: DeLong's standard error, or Obuchowski's where rows share patients. Where
 * the rows are too few for one, alone.
 */
export function areaOf(
  ranked: RankedScores,
  patients: ArrayLike<number> | undefined,
  confidence: number,
): Measurement {
  const estimate = varianceOf(ranked, patients, confidence);
  if (!isEmpty(estimate)) return scaledInterval(estimate, 'logit', confidence);
  const area = auc(ranked);
  return isEmpty(area) ? estimate : withoutInterval(area.value, estimate.empty);
}

const varianceOf = (ranked: RankedScores, patients: ArrayLike<number> | undefined, confidence: number) =>
  patients === undefined ? delong(ranked, confidence) : clusteredAuc(ranked, patients, confidence);

/** The AUC's other intervals: resampled, and without the logit scale. */
function furtherAucs({ rows, replicated, confidence, degreesOfFreedom }: RateQuestion) {
  const { values, positive, patients, patientCount } = rows;
  const ranked = rankScores(values, positive);
  const area = auc(ranked);
  if (isEmpty(area)) return {};
  const plain = varianceOf(ranked, patientCount === values.length ? undefined : patients, confidence);
  const how = { scale: 'logit', confidence, degreesOfFreedom } as const;
  return {
    plainAuc: isEmpty(plain) ? withoutInterval(area.value, plain.empty) : widthless(plain),
    ...(replicated.auc && { bootstrapAuc: resampled(area.value, replicated.auc, how, '') }),
  };
}

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
  type Empty,
  isEmpty,
  logLossTerms,
  type Measurement,
  meanOfTerms,
  meanStatistics,
  type RankedScores,
  type RocBandPoint,
  rankingStatistics,
  rankScores,
  reliabilityBins,
  rocBand,
  seededResampling,
  withoutInterval,
} from '../../statistics/index.ts';
import {
  decisionMeasures,
  exactIntervals,
  predictiveMeasures,
  rateIntervals,
  resampled,
} from './decision-measures.ts';
import type {
  IntervalMethod,
  JudgedRows,
  JudgeOptions,
  Measured,
  Performance,
  Replicates,
} from './measures.ts';
import { widthless } from './widthless.ts';

/**
 * Every measure of one source on one population. Where each patient has one row, rates take Wilson's interval and the
 * AUC DeLong's; where patients have several, rates are resampled by patient and the AUC's variance is Obuchowski's.
 */
export function judge(rows: JudgedRows, options: JudgeOptions): Performance {
  const { values, positive, patientCount } = rows;
  const confusion = confusionAt(values, positive, options.threshold);
  const positives = positive.reduce((sum, flag) => sum + flag, 0);
  const independent = patientCount === values.length;
  const replicated = replicate(rows, options);
  const { confidence, prevalences = [] } = options;
  return {
    rows: values.length,
    positives,
    negatives: values.length - positives,
    patients: patientCount,
    positivePatients: new Set(rows.patients.filter((_, row) => positive[row] === 1)).size,
    threshold: options.threshold,
    confusion,
    measures: {
      ...rateIntervals({ rows, confusion, replicated, ...options }),
      ...decisionMeasures(confusion, independent, replicated, confidence),
      ...(options.decisionsOnly ? {} : scoreMeasures(rows, independent, replicated, options)),
    },
    exact: independent ? exactIntervals(confusion, confidence) : {},
    ...(options.decisionsOnly ? {} : bootstrapAucOf(rows, replicated, confidence)),
    bins: options.decisionsOnly ? [] : reliabilityBins(values, positive, 10, confidence),
    band: options.decisionsOnly ? [] : bandOf(rows, options),
    predictive: prevalences.map((prevalence) =>
      predictiveMeasures(prevalence, confusion, independent, replicated, confidence),
    ),
  };
}

function replicate(rows: JudgedRows, options: JudgeOptions): Replicates {
  const { values, positive, patients, patientCount } = rows;
  if (options.replicates === 0 || patientCount === 0) return {};
  const resampling = seededResampling(patientCount, options.replicates, options.seed);
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
  const { bandRates = [], replicates, seed, confidence } = options;
  if (bandRates.length === 0 || replicates === 0) return [];
  const most = Math.max(FEWEST_FOR_BAND, Math.floor(BAND_WORK / values.length));
  const resampling = seededResampling(patientCount, Math.min(replicates, most), seed);
  const band = rocBand(rankScores(values, positive), patients, resampling, bandRates, confidence);
  return isEmpty(band) ? [] : band;
}

function scoreMeasures(
  rows: JudgedRows,
  independent: boolean,
  replicated: Replicates,
  options: JudgeOptions,
) {
  const { values, positive, patients } = rows;
  const { confidence } = options;
  const ranked = rankScores(values, positive);
  const area: Measured = independent
    ? { ...areaOf(ranked, delong(ranked, confidence)), method: 'DeLong' }
    : { ...areaOf(ranked, clusteredAuc(ranked, patients, confidence)), method: 'Obuchowski' };
  const around = (
    m: { readonly value: number } | { readonly empty: string },
    name: keyof Replicates,
  ): Measured =>
    isEmpty(m) ? { ...m, method: 'patient bootstrap' } : resampled(m.value, replicated[name], confidence, '');
  const calibration: Calibration = calibrationOf(
    values,
    positive,
    confidence,
    independent ? undefined : patients,
  );
  const method: IntervalMethod = independent ? 'Wald' : 'Wald, by patient';
  return {
    auc: area,
    averagePrecision: around(averagePrecision(ranked), 'averagePrecision'),
    brier: around(meanOfTerms(brierTerms(values, positive)), 'brier'),
    logLoss: around(meanOfTerms(logLossTerms(values, positive)), 'logLoss'),
    calibrationSlope: { ...calibration.slope, method },
    calibrationIntercept: { ...calibration.intercept, method },
    calibrationInTheLarge: { ...calibration.inTheLarge, method },
  };
}

/** An AUC with its interval, or, where the rows are too few for one, alone. */
export function areaOf(ranked: RankedScores, estimate: Measurement | Empty): Measurement {
  const area = auc(ranked);
  if (isEmpty(estimate) && !isEmpty(area)) return withoutInterval(area.value, estimate.empty);
  return widthless(estimate);
}

function bootstrapAucOf(
  rows: JudgedRows,
  replicated: Replicates,
  confidence: number,
): { bootstrapAuc?: Measured } {
  const area = auc(rankScores(rows.values, rows.positive));
  if (isEmpty(area) || !replicated.auc) return {};
  return { bootstrapAuc: resampled(area.value, replicated.auc, confidence, '') };
}

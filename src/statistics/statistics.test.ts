import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cohenKappa, fleissKappa } from './agreement.ts';
import { auc, delong, pairedDelong } from './auc.ts';
import { bootstrap, exportResampling, givenResampling, percentileInterval } from './bootstrap.ts';
import { calibrationOf } from './calibration.ts';
import { clusteredAuc, pairedClusteredAuc } from './clustered-auc.ts';
import { clusteredPairs } from './clustered-pairs.ts';
import {
  confusionAt,
  f1Value,
  negativeLikelihoodRatio,
  positiveLikelihoodRatio,
  type RateName,
  rateRatio,
} from './confusion.ts';
import { averagePrecision } from './curves.ts';
import { chiSquared, oneWayAnova } from './hypothesis-tests.ts';
import { mcNemar } from './mcnemar.ts';
import { type Empty, type Estimate, isEmpty, type Measurement } from './measurement.ts';
import { chooseOperatingPoint, type OperatingRule } from './operating-points.ts';
import { predictiveValuesAt } from './prevalence.ts';
import { brierTerms, logLossTerms, meanOfTerms } from './probability-scores.ts';
import { clopperPearson, wilson } from './proportion.ts';
import { rankScores } from './ranked-scores.ts';
import { fitPlatt, fitTemperature } from './recalibration.ts';
import { decisionStatistics, meanStatistics } from './weighted-confusion.ts';
import { rankingStatistics } from './weighted-ranking.ts';
import { weightedRoc } from './weighted-roc.ts';

type Pair = [number, number];
type Triple = [number, number, number];
type Spread = { se: number; value: number };

interface GoldenSet {
  name: string;
  scores: number[];
  second: number[];
  positive: number[];
  clusters: number[];
  raters: [number[], number[], number[]];
  auc: number | null;
  delong: { se: number; low: number; high: number } | null;
  paired: { z: number; p: number; se: number } | null;
  clustered: number | null;
  pairedClustered: { se: number; z: number } | null;
  clusteredPairs: { statistic: number | null; difference: number; se: number } | null;
  averagePrecision: number | null;
  confusion: Record<'truePositives' | 'falsePositives' | 'trueNegatives' | 'falseNegatives', number>;
  rates: Record<RateName, { wilson: Pair; exact: Pair } | null>;
  positiveLikelihoodRatio: Triple | null;
  negativeLikelihoodRatio: Triple | null;
  f1: number | null;
  atTenPercent: { ppv: Triple; npv: Triple } | null;
  brier: number;
  logLoss: number;
  calibration: { intercept: number; slope: number; se: Pair; clustered: Pair | null } | null;
  inTheLarge: Pair | null;
  temperatureSlope: number | null;
  platt: Pair | null;
  youden: number | null;
  specificityAt90: number | null;
  sensitivityAt90: number | null;
  cohen: Spread | null;
  fleiss: Spread | null;
  mcnemar: {
    onlyFirst: number;
    onlySecond: number;
    exact: number;
    statistic: number | null;
    p: number | null;
    difference: Pair;
  };
  anova: { statistic: number; p: number } | null;
  chiTwoByTwo: { statistic: number; p: number } | null;
  chiWide: { statistic: number; p: number } | null;
  bootstrap:
    | ({
        draws: number[][];
        roc: (number | null)[][];
        aucInterval: Pair | null;
        aucDeviation: number | null;
      } & Record<'auc' | 'averagePrecision' | 'sensitivity' | 'ppv' | 'f1' | 'brier', (number | null)[]>)
    | null;
}

/** From R 4.2, pROC 1.18 and vcd: golden/statistics.R. */
const golden: { sets: GoldenSet[] } = JSON.parse(
  readFileSync(new URL('./golden/statistics.json', import.meta.url), 'utf8'),
);

/** RATES of the R script. */
const ROC_RATES = [0, 0.05, 0.1, 0.25, 0.5, 0.9, 1];

/** Equal to 1e-8, relative where large; an empty measurement where R has no value. */
function same(found: number | Empty | undefined, expected: number | null | undefined, what: string): void {
  if (expected === null || expected === undefined) {
    expect(typeof found === 'object' && isEmpty(found), `${what}: ${JSON.stringify(found)}, R has none`).toBe(
      true,
    );
    return;
  }
  expect(typeof found, `${what}: ${JSON.stringify(found)}, R has ${expected}`).toBe('number');
  const distance = Math.abs((found as number) - expected) / Math.max(1, Math.abs(expected));
  expect(distance, `${what}: ${found}, R has ${expected}`).toBeLessThan(1e-8);
}

const numberOf = (m: { value: number } | Empty): number | Empty => (isEmpty(m) ? m : m.value);

function sameTriple(found: Measurement, expected: Triple | null, what: string): void {
  if (expected === null) {
    if (!isEmpty(found) && found.noInterval !== undefined) return;
    same(found as Empty, null, what);
    return;
  }
  const estimate = found as Estimate;
  same(estimate.value, expected[0], what);
  same(estimate.low, expected[1], `${what}, low`);
  same(estimate.high, expected[2], `${what}, high`);
}

function sameSpread(
  found: Measurement,
  value: number | undefined,
  se: number | undefined,
  what: string,
): void {
  same(numberOf(found), value, what);
  if (se !== undefined) same((found as Estimate).standardError, se, `${what}, standard error`);
}

describe.each(golden.sets.map((set) => [set.name, set] as const))('%s, as R', (_, set) => {
  const ranked = rankScores(set.scores, set.positive);
  const second = rankScores(set.second, set.positive);
  const confusion = confusionAt(set.scores, set.positive, 0.5);

  it('AUC with DeLong', () => {
    same(numberOf(auc(ranked)), set.auc, 'AUC');
    const found = delong(ranked);
    same(isEmpty(found) ? found : found.standardError, set.delong?.se, 'DeLong');
    if (set.delong) same((found as Estimate).low, set.delong.low, 'DeLong, low');
    if (set.delong) same((found as Estimate).high, set.delong.high, 'DeLong, high');
  });

  it('the paired test', () => {
    const found = pairedDelong(ranked, second);
    same(isEmpty(found) ? found : found.z, set.paired?.z, 'z');
    if (set.paired && !isEmpty(found)) same(found.p, set.paired.p, 'p');
    if (set.paired && !isEmpty(found)) same(found.difference.standardError, set.paired.se, 'standard error');
  });

  it('clustered AUC', () => {
    const found = clusteredAuc(ranked, set.clusters);
    same(isEmpty(found) ? found : found.standardError, set.clustered, 'Obuchowski');
  });

  it('the paired test of clustered rows', () => {
    const found = pairedClusteredAuc(ranked, second, set.clusters);
    same(isEmpty(found) ? found : found.z, set.pairedClustered?.z, 'z by patient');
    if (set.pairedClustered && !isEmpty(found))
      same(found.difference.standardError, set.pairedClustered.se, 'standard error by patient');
  });

  it("McNemar's test of clustered rows", () => {
    const [a, b] = set.raters;
    const found = clusteredPairs(a, b, set.clusters);
    if (isEmpty(found)) throw new Error(found.empty);
    const { test, difference } = found;
    same(isEmpty(test) ? test : test.statistic, set.clusteredPairs?.statistic, 'chi-squared by patient');
    sameSpread(difference, set.clusteredPairs?.difference, set.clusteredPairs?.se, 'difference by patient');
  });

  it('average precision', () => same(numberOf(averagePrecision(ranked)), set.averagePrecision, 'AP'));

  it('counts and proportions', () => {
    expect(confusion).toEqual(set.confusion);
    for (const [rate, expected] of Object.entries(set.rates)) {
      const { of, among } = rateRatio(confusion, rate as RateName);
      for (const [method, interval] of [
        ['wilson', wilson(of, among)],
        ['exact', clopperPearson(of, among)],
      ] as const) {
        same(isEmpty(interval) ? interval : interval.low, expected?.[method][0], `${rate}, ${method}, low`);
        same(isEmpty(interval) ? interval : interval.high, expected?.[method][1], `${rate}, ${method}, high`);
      }
    }
    if (set.f1 === null) expect(f1Value(confusion)).toBeNaN();
    else same(f1Value(confusion), set.f1, 'F1');
  });

  it('likelihood ratios and predictive values', () => {
    sameTriple(positiveLikelihoodRatio(confusion), set.positiveLikelihoodRatio, 'LR+');
    sameTriple(negativeLikelihoodRatio(confusion), set.negativeLikelihoodRatio, 'LR-');
    const at = predictiveValuesAt(0.1, confusion);
    if (set.atTenPercent) sameTriple(at.ppv, set.atTenPercent.ppv, 'PPV at 10%');
    if (set.atTenPercent) sameTriple(at.npv, set.atTenPercent.npv, 'NPV at 10%');
  });

  it('scores of probabilities', () => {
    same(numberOf(meanOfTerms(brierTerms(set.scores, set.positive))), set.brier, 'Brier');
    same(numberOf(meanOfTerms(logLossTerms(set.scores, set.positive))), set.logLoss, 'log loss');
  });

  it('calibration', () => {
    const plain = calibrationOf(set.scores, set.positive);
    sameSpread(plain.slope, set.calibration?.slope, set.calibration?.se[1], 'slope');
    sameSpread(plain.intercept, set.calibration?.intercept, set.calibration?.se[0], 'intercept');
    sameSpread(plain.inTheLarge, set.inTheLarge?.[0], set.inTheLarge?.[1], 'in the large');
    if (!set.calibration?.clustered) return;
    const clustered = calibrationOf(set.scores, set.positive, 0.95, set.clusters);
    same((clustered.slope as Estimate).standardError, set.calibration.clustered[1], 'slope by patient');
    same(
      (clustered.intercept as Estimate).standardError,
      set.calibration.clustered[0],
      'intercept by patient',
    );
  });

  it('recalibration', () => {
    const temperature = fitTemperature(set.scores, set.positive);
    same(isEmpty(temperature) ? temperature : temperature.slope, set.temperatureSlope, 'temperature');
    const platt = fitPlatt(set.scores, set.positive);
    same(isEmpty(platt) ? platt : platt.slope, set.platt?.[1], 'Platt, slope');
    same(isEmpty(platt) ? platt : platt.intercept, set.platt?.[0], 'Platt, intercept');
  });

  it('operating points', () => {
    const at = (rule: OperatingRule) => chooseOperatingPoint(ranked, rule);
    const youden = at({ rule: 'youden' });
    const index = isEmpty(youden) ? youden : youden.chosenOn.sensitivity + youden.chosenOn.specificity - 1;
    same(index, set.youden, 'Youden');
    const sensitive = at({ rule: 'specificity-at-sensitivity', sensitivity: 0.9 });
    same(isEmpty(sensitive) ? sensitive : sensitive.chosenOn.specificity, set.specificityAt90, 'specificity');
    const specific = at({ rule: 'sensitivity-at-specificity', specificity: 0.9 });
    same(isEmpty(specific) ? specific : specific.chosenOn.sensitivity, set.sensitivityAt90, 'sensitivity');
    if (isEmpty(youden)) return;
    const applied = confusionAt(set.scores, set.positive, youden.threshold);
    same(
      applied.truePositives / ranked.positives,
      youden.chosenOn.sensitivity,
      'the threshold yields its rate',
    );
  });

  it('agreement', () => {
    const [a, b, c] = set.raters;
    sameSpread(cohenKappa(a, b), set.cohen?.value, set.cohen?.se, 'Cohen');
    sameSpread(fleissKappa([a, b, c]), set.fleiss?.value, set.fleiss?.se, 'Fleiss');
  });

  it('tests', () => {
    const [a, b, c] = set.raters;
    const paired = mcNemar(a, b);
    if (isEmpty(paired)) throw new Error(paired.empty);
    expect([paired.onlyFirst, paired.onlySecond]).toEqual([set.mcnemar.onlyFirst, set.mcnemar.onlySecond]);
    same(paired.exactP, set.mcnemar.exact, 'McNemar, exact');
    same(isEmpty(paired.corrected) ? paired.corrected : paired.corrected.p, set.mcnemar.p, 'McNemar');
    same(paired.difference.low, set.mcnemar.difference[0], 'Newcombe, low');
    same(paired.difference.high, set.mcnemar.difference[1], 'Newcombe, high');
    const groups = [0, 1, 2, 3].map((k) =>
      set.scores.filter((_, row) => (a[row] ?? 0) * 2 + (b[row] ?? 0) === k),
    );
    const variance = oneWayAnova(groups);
    same(isEmpty(variance) ? variance : variance.statistic, set.anova?.statistic, 'F');
    same(isEmpty(variance) ? variance : variance.p, set.anova?.p, 'F, p');
    const count = (columns: number, column: (row: number) => number) =>
      [0, 1].map((y) =>
        Array.from(
          { length: columns },
          (_, k) => set.positive.filter((v, row) => v === y && column(row) === k).length,
        ),
      );
    for (const [table, expected] of [
      [count(2, (row) => a[row] as number), set.chiTwoByTwo],
      [count(4, (row) => (a[row] ?? 0) + (b[row] ?? 0) + (c[row] ?? 0)), set.chiWide],
    ] as const) {
      const found = chiSquared(table);
      same(isEmpty(found) ? found : found.statistic, expected?.statistic, 'chi-squared');
      same(isEmpty(found) ? found : found.p, expected?.p, 'chi-squared, p');
    }
  });

  it('resampled patients, with the draws of R', () => {
    if (!set.bootstrap) return;
    const count = Math.max(...set.clusters) + 1;
    const resampling = givenResampling(count, set.bootstrap.draws);
    expect(exportResampling(resampling)).toEqual(set.bootstrap.draws);
    const ranking = rankingStatistics(ranked, set.clusters);
    const called = set.scores.map((score) => score >= 0.5);
    const decisions = decisionStatistics(set.positive, called, set.clusters, count);
    const means = meanStatistics({ brier: brierTerms(set.scores, set.positive) }, set.clusters, count);
    const replicates = bootstrap(resampling, (weights) => ({
      ...ranking(weights),
      ...decisions(weights),
      ...means(weights),
    }));
    for (const name of ['auc', 'averagePrecision', 'sensitivity', 'ppv', 'f1', 'brier'] as const) {
      set.bootstrap[name].forEach((expected, k) => {
        const found = replicates[name][k] as number;
        if (expected === null) expect(found, `${name} of draw ${k}`).toBeNaN();
        else same(found, expected, `${name} of draw ${k}`);
      });
    }
    const roc = weightedRoc(ranked, set.clusters);
    const weights = new Uint16Array(count);
    set.bootstrap.roc.forEach((expected, k) => {
      resampling.weigh(k, weights);
      const found = roc(weights, ROC_RATES);
      expected.forEach((sensitivity, at) => {
        if (sensitivity === null) expect(found[at]).toBeNaN();
        else same(found[at], sensitivity, `ROC of draw ${k} at ${ROC_RATES[at]}`);
      });
    });
    const interval = percentileInterval(set.auc ?? 0, replicates.auc);
    if (set.bootstrap.aucInterval && !isEmpty(interval)) {
      same(interval.low, set.bootstrap.aucInterval[0], 'percentile, low');
      same(interval.high, set.bootstrap.aucInterval[1], 'percentile, high');
      same(interval.standardError, set.bootstrap.aucDeviation, 'deviation');
    }
  });
});

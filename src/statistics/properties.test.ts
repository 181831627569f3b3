import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, recalibrate } from '../base/index.ts';
import { cohenKappa, fleissKappa } from './agreement.ts';
import { auc, delong, pairedDelong } from './auc.ts';
import { exportResampling, keptResampling, percentileInterval, seededResampling } from './bootstrap.ts';
import { calibrationOf } from './calibration.ts';
import { clusteredAuc, pairedClusteredAuc } from './clustered-auc.ts';
import { confusionOf, oneThresholdAuc } from './confusion.ts';
import { tMultiple, tTwoSided } from './distributions.ts';
import { isEmpty } from './measurement.ts';
import { ascendingOrder } from './order.ts';
import { predictiveValuesAt } from './prevalence.ts';
import { weightedLogLoss } from './probability-scores.ts';
import { clopperPearson, wilson } from './proportion.ts';
import { rankScores } from './ranked-scores.ts';
import { fitPlatt, impliedThreshold } from './recalibration.ts';
import { rankingStatistics } from './weighted-ranking.ts';
import { rocBand } from './weighted-roc.ts';

const scored = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 6 }).map((n) => n / 6),
    positive: fc.boolean(),
    patient: fc.nat(4),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('order', () => {
  it('sorts any doubles as they compare, equal ones in their given order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        const order = Array.from(ascendingOrder(Float64Array.from(values)));
        const expected = values.map((_, row) => row).sort((a, b) => values[a]! - values[b]! || a - b);
        expect(order).toEqual(expected);
      }),
    );
  });
});

describe('AUC', () => {
  it('is the share of pairs, whatever the ties', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const found = auc(
          rankScores(
            rows.map((r) => r.score),
            rows.map((r) => r.positive),
          ),
        );
        const pairs = rows
          .filter((r) => r.positive)
          .flatMap((p) =>
            rows.filter((r) => !r.positive).map((n) => (p.score > n.score ? 1 : p.score < n.score ? 0 : 0.5)),
          );
        if (pairs.length === 0) expect(isEmpty(found)).toBe(true);
        else
          expect(isEmpty(found) ? Number.NaN : found.value).toBeCloseTo(
            pairs.reduce<number>((a, b) => a + b, 0) / pairs.length,
            12,
          );
      }),
    );
  });

  it('of a replicate that draws every patient once is the AUC itself', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const ranked = rankScores(
          rows.map((r) => r.score),
          rows.map((r) => r.positive),
        );
        const found = rankingStatistics(
          ranked,
          rows.map((r) => r.patient),
        )(new Uint16Array(5).fill(1));
        const plain = auc(ranked);
        if (isEmpty(plain)) expect(found.auc).toBeNaN();
        else expect(found.auc).toBeCloseTo(plain.value, 12);
      }),
    );
  });

  it("has DeLong's variance where each row is a patient of its own", () => {
    const random = createRandom(3);
    const positive = Array.from({ length: 40 }, (_, row) => row % 3 === 0);
    const ranked = rankScores(
      positive.map((p) => random.normal(p ? 1 : 0)),
      positive,
    );
    const plain = delong(ranked);
    const clustered = clusteredAuc(
      ranked,
      positive.map((_, row) => row),
    );
    if (isEmpty(plain) || isEmpty(clustered)) throw new Error('both exist');
    // each row alone: Obuchowski's covariance term has one factor 0 in every cluster
    expect(clustered.standardError).toBeCloseTo(plain.standardError, 12);
  });

  it("has DeLong's paired test where each row is a patient of its own", () => {
    const random = createRandom(4);
    const positive = Array.from({ length: 60 }, (_, row) => row % 4 === 0);
    const [one, two] = [1, 0.5].map((skill) =>
      rankScores(
        positive.map((p) => random.normal(p ? skill : 0)),
        positive,
      ),
    ) as [ReturnType<typeof rankScores>, ReturnType<typeof rankScores>];
    const plain = pairedDelong(one, two);
    const clustered = pairedClusteredAuc(one, two, [...positive.keys()]);
    if (isEmpty(plain) || isEmpty(clustered)) throw new Error('both exist');
    expect(clustered.z).toBeCloseTo(plain.z, 10);
  });

  it('has a band around its curve that starts at 0 or above and ends at 1', () => {
    const random = createRandom(8);
    const positive = Array.from({ length: 90 }, (_, row) => row % 3 === 0);
    const ranked = rankScores(
      positive.map((p) => Math.round(random.normal(p ? 1 : 0) * 4)),
      positive,
    );
    const clusters = positive.map((_, row) => Math.floor(row / 3));
    const band = rocBand(ranked, clusters, seededResampling(30, 300, 1), [0, 0.1, 0.3, 0.6, 1]);
    if (isEmpty(band)) throw new Error(band.empty);
    expect(band).toHaveLength(5);
    for (const { sensitivity, low, high } of band) {
      expect(low).toBeLessThanOrEqual(sensitivity);
      expect(high).toBeGreaterThanOrEqual(sensitivity);
    }
    expect(band[2]!.high - band[2]!.low).toBeGreaterThan(0.05);
    expect(band.at(-1)).toMatchObject({ sensitivity: 1, low: 1, high: 1 });
  });

  it('of one threshold is the mean of sensitivity and specificity', () => {
    const [positive, called] = [
      [1, 1, 1, 0, 0],
      [1, 1, 0, 0, 1],
    ];
    const area = auc(rankScores(called, positive));
    expect(oneThresholdAuc(confusionOf(positive, called))).toBeCloseTo((area as { value: number }).value, 12);
  });

  it('refuses what is no number, with its row', () => {
    expect(() => rankScores([0.1, Number.NaN], [0, 1])).toThrow(/row 2 is NaN/);
    expect(() => rankScores([0.1, 0.2], [0])).toThrow(/scores has 2, reference has 1/);
  });
});

describe('intervals', () => {
  it('hold the value and lie in 0..1', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (successes, failures) => {
        for (const method of [wilson, clopperPearson]) {
          const found = method(successes, successes + failures);
          if (isEmpty(found)) continue;
          expect(found.low).toBeGreaterThanOrEqual(0);
          expect(found.high).toBeLessThanOrEqual(1);
          expect(found.value).toBeGreaterThanOrEqual(found.low);
          expect(found.value).toBeLessThanOrEqual(found.high);
        }
      }),
    );
    expect(() => wilson(3, 2)).toThrow(/3 of 2/);
  });

  it('of replicates are left out where too many have no value', () => {
    const replicates = Float64Array.from({ length: 20 }, (_, k) => (k < 3 ? Number.NaN : k / 20));
    expect(percentileInterval(0.5, replicates)).toMatchObject({
      empty: '3 of 20 resamples have no value',
      dropped: 3,
    });
  });

  it('draw the same patients for the same seed, each replicate alone too', () => {
    const draws = exportResampling(seededResampling(7, 5, 11));
    expect(draws).toEqual(exportResampling(seededResampling(7, 5, 11)));
    const kept = keptResampling(seededResampling(7, 5, 11));
    for (const _ of ['drawn', 'remembered']) expect(exportResampling(kept)).toEqual(draws);
    expect(draws.every((draw) => draw.length === 7)).toBe(true);
    expect(new Set(draws.map(String)).size).toBeGreaterThan(1);
  });
});

describe('probabilities', () => {
  it('that are well calibrated have slope 1 and intercept 0 within their intervals', () => {
    const random = createRandom(5);
    const probabilities = Array.from({ length: 4000 }, () => random.uniform(0.02, 0.98));
    const { slope, intercept } = calibrationOf(
      probabilities,
      probabilities.map((p) => random.chance(p)),
    );
    if (isEmpty(slope) || isEmpty(intercept)) throw new Error('a fit exists');
    expect(slope.low < 1 && slope.high > 1).toBe(true);
    expect(intercept.low < 0 && intercept.high > 0).toBe(true);
  });

  it('are recalibrated so that the implied threshold meets 0.5', () => {
    const random = createRandom(6);
    const probabilities = Array.from({ length: 500 }, () => random.uniform());
    const fit = fitPlatt(
      probabilities,
      probabilities.map((p) => random.chance(p ** 2)),
    );
    if (isEmpty(fit)) throw new Error(fit.empty);
    expect(recalibrate(fit, impliedThreshold(fit))).toBeCloseTo(0.5, 12);
  });

  it('score as the RSNA challenge weighs the classes', () => {
    expect(weightedLogLoss({ any: 0.2, a: 0.1, b: 0.3 }, { any: 2, a: 1, b: 1 })).toBeCloseTo(0.2, 12);
    expect(() => weightedLogLoss({ a: 0.1 }, { any: 2, a: 1 })).toThrow(/class any/);
  });
});

describe('agreement', () => {
  it("of Fleiss's thirty psychiatric patients, as printed (1971, Table 1: 0.430)", () => {
    const counts = [
      [0, 0, 0, 6, 0],
      [0, 3, 0, 0, 3],
      [0, 1, 4, 0, 1],
      [0, 0, 0, 0, 6],
      [0, 3, 0, 3, 0],
      [2, 0, 4, 0, 0],
      [0, 0, 4, 0, 2],
      [2, 0, 3, 1, 0],
      [2, 0, 0, 4, 0],
      [0, 0, 0, 0, 6],
      [1, 0, 0, 5, 0],
      [1, 1, 0, 4, 0],
      [0, 3, 3, 0, 0],
      [1, 0, 0, 5, 0],
      [0, 2, 0, 3, 1],
      [0, 0, 5, 0, 1],
      [3, 0, 0, 1, 2],
      [5, 1, 0, 0, 0],
      [0, 2, 0, 4, 0],
      [1, 0, 2, 0, 3],
      [0, 0, 0, 0, 6],
      [0, 1, 0, 5, 0],
      [0, 2, 0, 1, 3],
      [2, 0, 0, 4, 0],
      [1, 0, 0, 4, 1],
      [0, 5, 0, 1, 0],
      [4, 0, 0, 0, 2],
      [0, 2, 0, 4, 0],
      [1, 0, 5, 0, 0],
      [0, 0, 0, 0, 6],
    ];
    const rows = counts.map((row) => row.flatMap((count, category) => Array<number>(count).fill(category)));
    const raters = Array.from({ length: 6 }, (_, rater) => rows.map((row) => row[rater] as number));
    const found = fleissKappa(raters);
    expect(isEmpty(found) ? Number.NaN : found.value).toBeCloseTo(0.43, 3);
  });
});

describe('predictive values at a prevalence', () => {
  it('have no interval where a rate of 0 or 1 would count as known without error', () => {
    const positive = [...Array(5).fill(true), ...Array(100).fill(false)];
    const called = positive.map((is, row) => is || row % 10 === 0);
    const { ppv, npv } = predictiveValuesAt(0.1, confusionOf(positive, called));
    expect(ppv).toMatchObject({ noInterval: 'a rate is 0 or 1' });
    expect(npv).toMatchObject({ value: 1, noInterval: 'no wrong call' });
  });
});

describe('agreement within one patient', () => {
  it('has no interval: its variance is between patients', () => {
    const found = cohenKappa([1, 0, 1, 1], [1, 0, 0, 1], 0.95, [0, 0, 0, 0]);
    expect(found).toMatchObject({ value: 0.5, noInterval: 'all rows are of one patient' });
  });
});

describe("Student's t", () => {
  it('goes over into the normal, however many the degrees of freedom', () => {
    for (const degrees of [1e6, 1e12, 1e13, 1e18, 2e61, Number.POSITIVE_INFINITY]) {
      expect(tMultiple(0.95, degrees)).toBeCloseTo(1.959964, 5);
      expect(tTwoSided(1.959964, degrees)).toBeCloseTo(0.05, 5);
    }
  });
});

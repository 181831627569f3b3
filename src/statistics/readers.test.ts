import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AdvantageWeights, advantageInterval, weightedAdvantage } from './advantage.ts';
import { auc, delong, placementCovariances } from './auc.ts';
import { isEmpty } from './measurement.ts';
import { obuchowskiRockette } from './multi-reader.ts';
import { rankScores } from './ranked-scores.ts';
import { meanCovariances, notInferiorP, readerVariances, testDifference } from './reader-study.ts';
import { scaledInterval } from './scaled-interval.ts';

interface Found {
  meanSquares: number[];
  errors: number[];
  readers: number;
  interaction: number;
  difference: number;
  se: number;
  df: number;
  interval: [number, number];
  p: number;
  notInferior: number;
}
interface Golden {
  advantages: {
    scores: number[];
    positive: number[];
    decisions: number[];
    clusters: number[];
    patients: number[];
    imagined: Omit<AdvantageWeights, 'patients'>;
    value: number;
  }[];
  logits: { scores: number[]; positive: number[]; interval: number[]; t: number[]; log: number[] }[];
  studies: {
    name: string;
    positive: number[];
    patients: number[];
    calls: number[][];
    readers: number;
    margin: number;
    found: Record<string, Found>;
  }[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8'));
/** From R 4.2 and pROC 1.18: golden/readers.R. */
const golden: Golden = read('readers');
const exact = { absolute: 1e-10, relative: 1e-8 };

describe("a model at a reader's specificity", () => {
  it('is as R has it, for given weights', () => {
    for (const { scores, positive, decisions, clusters, patients, imagined, value } of golden.advantages) {
      const found = weightedAdvantage(rankScores(scores, positive), decisions, clusters);
      expect([found({ patients, ...imagined })]).toBeAllClose([value], exact);
    }
  });

  it('is hardly known where the reader raised no false alarm, and its interval holds the value', () => {
    const positive = Array.from({ length: 200 }, (_, k) => k % 2);
    const scores = positive.map((one, k) => one + Math.sin(5 * k));
    const rows = positive.map((_, k) => k);
    const draws = { replicates: 300, seed: 4, confidence: 0.95 };
    const width = (decisions: number[]) => {
      const found = advantageInterval(-0.3, rankScores(scores, positive), decisions, rows, draws);
      if (isEmpty(found)) throw new Error(found.empty);
      expect(found.low).toBeLessThanOrEqual(-0.3);
      expect(found.high).toBeGreaterThanOrEqual(-0.3);
      return found.high - found.low;
    };
    expect(width(positive)).toBeGreaterThan(0.15);
    expect(width(positive)).toBe(width(positive));
    expect(advantageInterval(0, rankScores([1, 2], [1, 1]), [1, 1], [0, 1], draws)).toEqual({
      empty: 'no negatives',
    });
  });
});

it("intervals on other scales are R's", () => {
  for (const { scores, positive, interval, t, log } of golden.logits) {
    const area = delong(rankScores(scores, positive));
    if (isEmpty(area)) throw new Error(area.empty);
    const ends = (found: { low: number; high: number }) => [found.low, found.high];
    expect(ends(scaledInterval(area, 'logit'))).toBeAllClose(interval, exact);
    expect(ends(scaledInterval(area, 'logit', 0.95, 9))).toBeAllClose(t, exact);
    expect(ends(scaledInterval(area, 'log'))).toBeAllClose(log, exact);
  }
  expect(scaledInterval({ value: 1, standardError: 0 }, 'logit')).toMatchObject({
    value: 1,
    low: Number.NaN,
    noInterval: 'estimated variance 0',
  });
});

describe.each(golden.studies.map((study) => [study.name, study] as const))('%s, as R', (_, study) => {
  const ofClass = (kind: number) => study.positive.flatMap((own, row) => (own === kind ? [row] : []));
  const shares = (kind: number) => {
    const columns = study.calls.map((calls) => ofClass(kind).map((row) => Number(calls[row] === kind)));
    const clusters = ofClass(kind).map((row) => study.patients[row] ?? -1);
    const merits = columns.map((column) => column.reduce((sum, own) => sum + own, 0) / column.length);
    return { merits, covariance: meanCovariances(columns, clusters) };
  };
  const areas = () => {
    const rankings = study.calls.map((calls) => rankScores(calls, study.positive));
    const merits = rankings.map((ranked) => {
      const area = auc(ranked);
      return isEmpty(area) ? Number.NaN : area.value;
    });
    return { merits, covariance: placementCovariances(rankings) };
  };
  const figures = { sensitivity: () => shares(1), specificity: () => shares(0), auc: areas };

  it.each(Object.entries(study.found))('%s', (name, expected) => {
    const { merits, covariance } = figures[name as keyof typeof figures]();
    const found = obuchowskiRockette({
      merits: [merits.slice(0, study.readers), merits.slice(study.readers)],
      covariance,
    });
    const { treatment, reader, interaction } = found.meanSquares;
    expect([treatment, reader, interaction]).toBeAllClose(expected.meanSquares, exact);
    expect(Object.values(found.errors)).toBeAllClose(expected.errors, exact);
    const own = readerVariances(found);
    expect([own.readers, own.interaction]).toBeAllClose([expected.readers, expected.interaction], exact);
    if (isEmpty(found.randomReaders)) throw new Error(found.randomReaders.empty);
    const { denominatorDegrees, differences } = found.randomReaders;
    const [difference] = differences;
    if (difference === undefined) throw new Error('two treatments have a difference');
    expect([
      difference.value,
      difference.standardError,
      denominatorDegrees,
      difference.low,
      difference.high,
      testDifference(difference, denominatorDegrees).p,
      notInferiorP(difference, study.margin, denominatorDegrees),
    ]).toBeAllClose(
      [expected.difference, expected.se, expected.df, ...expected.interval, expected.p, expected.notInferior],
      exact,
    );
  });
});

it("Van Dyke's variance components are those that RJafroc and MRMCaov print", () => {
  // mean squares and jackknife covariances as printed by both for these data
  const found = readerVariances({
    treatmentMeans: [0.897037, 0.9408374],
    meanSquares: { treatment: 0.0047961705, reader: 0.0038362, interaction: 0.0005510306 },
    errors: { variance: 0.0008022883, cov1: 0.0003466137, cov2: 0.0003440748, cov3: 0.0002390284 },
  });
  expect([found.readers, found.interaction]).toBeAllClose([0.0015349993, 0.0002004025], { absolute: 2e-10 });
});

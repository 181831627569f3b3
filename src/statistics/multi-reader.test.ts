import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auc, placementCovariances } from './auc.ts';
import { isEmpty } from './measurement.ts';
import { modelAgainstReaders, obuchowskiRockette } from './multi-reader.ts';
import { rankScores } from './ranked-scores.ts';

interface GoldenStudy {
  name: string;
  treatments: number;
  readers: number;
  positive: number[];
  ratings: number[][];
  auc: number[];
  covariance: number[][];
  meanSquares: number[];
  errors: number[];
  random: { f: number; df2: number; p: number; reach: number };
  fixed: { x2: number; p: number; reach: number } | null;
  model: { value: number; df: number; reach: number; p: number; fixedReach: number; fixedP: number };
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8'));
const studies: GoldenStudy[] = read('statistics').studies;
const exact = { absolute: 1e-10, relative: 1e-8 };

describe.each(studies.map((study) => [study.name, study] as const))('readers, %s, as R', (_, study) => {
  const rankings = study.ratings.map((scores) => rankScores(scores, study.positive));
  const merits = rankings.map((ranked) => (auc(ranked) as { value: number }).value);
  const covariance = placementCovariances(rankings);

  it("DeLong's covariances", () => {
    expect(merits).toBeAllClose(study.auc, exact);
    expect(covariance.flat()).toBeAllClose(study.covariance.flat(), exact);
  });

  it('Obuchowski and Rockette', () => {
    const byTreatment = Array.from({ length: study.treatments }, (_, t) =>
      merits.slice(t * study.readers, (t + 1) * study.readers),
    );
    const found = obuchowskiRockette({ merits: byTreatment, covariance });
    const { treatment, reader, interaction } = found.meanSquares;
    expect([treatment, reader, interaction]).toBeAllClose(study.meanSquares, exact);
    const { variance, cov1, cov2, cov3 } = found.errors;
    expect([variance, cov1, cov2, cov3]).toBeAllClose(study.errors, exact);
    if (isEmpty(found.randomReaders)) throw new Error(found.randomReaders.empty);
    const { statistic, denominatorDegrees, p, differences } = found.randomReaders;
    const reach = differences[0]!.high - differences[0]!.value;
    expect([statistic, denominatorDegrees, p, reach]).toBeAllClose(Object.values(study.random), exact);
    if (study.fixed === null || isEmpty(found.fixedReaders)) {
      expect(study.fixed === null && isEmpty(found.fixedReaders)).toBe(true);
      return;
    }
    const fixed = found.fixedReaders;
    const fixedReach = fixed.differences[0]!.high - fixed.differences[0]!.value;
    expect([fixed.statistic * fixed.numeratorDegrees, fixed.p, fixedReach]).toBeAllClose(
      Object.values(study.fixed),
      exact,
    );
  });

  it('a model against the readers', () => {
    const { randomReaders, fixedReaders } = modelAgainstReaders(merits, covariance);
    if (isEmpty(randomReaders) || isEmpty(fixedReaders)) throw new Error('the study has variance');
    const reach = randomReaders.high - randomReaders.value;
    const fixedReach = fixedReaders.high - fixedReaders.value;
    expect([
      randomReaders.value,
      randomReaders.degreesOfFreedom,
      reach,
      randomReaders.p,
      fixedReach,
      fixedReaders.p,
    ]).toBeAllClose(Object.values(study.model), exact);
  });
});

describe('published worked examples', () => {
  it('Van Dyke, AUC by DeLong: F, df and p of random readers', () => {
    const { merits, covariance, meanSquares } = read('van-dyke');
    const found = obuchowskiRockette({ merits, covariance });
    const { treatment, reader, interaction } = found.meanSquares;
    expect([treatment, reader, interaction]).toBeAllClose(meanSquares, exact);
    if (isEmpty(found.randomReaders)) throw new Error(found.randomReaders.empty);
    // Hillis, Statistics in Medicine 2014;33:330 and RJafroc's manual give F = 4.46 and p = 0.052 for these data
    expect(found.randomReaders.statistic).toBeCloseTo(4.46, 1);
    expect(found.randomReaders.p).toBeCloseTo(0.052, 2);
  });

  it('Van Dyke, sensitivity: as printed in the manual of MRMCaov 0.3.0', () => {
    // MS(T), MS(T:R), error, Cov1, Cov2, Cov3 as printed; merits and covariances that have them
    const [t, r] = [2, 5];
    const [error, cov1, cov2, cov3] = [0.0023681257, 0.0009943883, 0.0010145903, 0.0006604938];
    const covariance = Array.from({ length: t * r }, (_, a) =>
      Array.from({ length: t * r }, (_, b) => {
        const sameTreatment = Math.floor(a / r) === Math.floor(b / r);
        const sameReader = a % r === b % r;
        if (sameTreatment) return sameReader ? error : cov2;
        return sameReader ? cov1 : cov3;
      }),
    );
    // half the difference of the means, and an interaction on two readers with the printed mean square
    const half = 0.09777778 / 2;
    const swing = Math.sqrt(0.001802469);
    const interaction = [swing, -swing, 0, 0, 0];
    const merits = [-1, 1].map((sign) => interaction.map((own) => 0.8 + sign * (half + own)));
    const found = obuchowskiRockette({ merits, covariance });
    if (isEmpty(found.randomReaders)) throw new Error(found.randomReaders.empty);
    const { statistic, denominatorDegrees, p, differences } = found.randomReaders;
    expect(found.meanSquares.treatment).toBeCloseTo(0.02390123, 7);
    expect(found.meanSquares.interaction).toBeCloseTo(0.001802469, 8);
    expect(statistic).toBeCloseTo(6.689493, 4);
    expect(denominatorDegrees).toBeCloseTo(15.71732, 4);
    expect(p).toBeCloseTo(0.02008822, 6);
    expect(differences[0]!.low).toBeCloseTo(-0.1780371, 6);
    expect(differences[0]!.high).toBeCloseTo(-0.0175185, 6);
  });
});

import { expect, test } from 'vitest';
import type { FoldFile, UnseenSeries } from './figures-of-folds.ts';
import { outOfFoldPoints, withExternal } from './operating-points.ts';

const logit = (probability: number) => Math.log(probability / (1 - probability));
const series = (study: string, bleeds: number, probability: number): UnseenSeries => ({
  study,
  form: 'plain',
  targets: [[bleeds, 0, 0, 0, 0, 0]],
  twoType: { slices: [0], subject: logit(probability) },
  fiveType: { slices: [], subject: [] },
  cnn: [],
});
/** Ten bleeding patients from `lowest` on in steps of 0.05, ten others at 0.01 to 0.1. */
const fold = (number: number, lowest: number): FoldFile => ({
  seed: 1,
  fold: number,
  predictions: Array.from({ length: 10 }, (_, i) => [
    series(`${number} ${i} bleeds`, 1, lowest + 0.05 * i),
    series(`${number} ${i}`, 0, 0.01 * (i + 1)),
  ]).flat(),
});

test('triage finds nine of ten of those that it is chosen on, and is judged by the other folds', () => {
  const [balanced, triage] = outOfFoldPoints([fold(0, 0.2), fold(1, 0.4)]);
  expect(balanced).toMatchObject({ name: 'balanced', probability: 0.5 });
  // 0.5 to 0.65 of the first fold, 0.5 to 0.85 of the second
  expect(balanced?.measured[0]).toMatchObject({
    found: { right: 12, of: 20 },
    negative: { right: 20, of: 20 },
  });
  // 18 of 20 lie from 0.3 on
  expect(triage).toMatchObject({ name: 'triage', probability: 0.3 });
  // The first is judged at the second's 0.45 (five of ten), the second at the first's 0.25 (all)
  expect(triage?.measured[0]?.found).toEqual({ right: 15, of: 20 });
});

test('what was measured elsewhere counts for the same networks and probability alone', () => {
  const points = outOfFoldPoints([fold(0, 0.2), fold(1, 0.4)]);
  const run = (networks: string, probability: number) => ({
    networks,
    operatingPoints: [{ name: 'balanced', probability, subjects: { count: 55, of: 60 } }],
  });
  const [balanced, triage] = withExternal(points, [run('a', 0.5), run('b', 0.5)], 'a');
  expect(balanced?.measured[1]?.found).toEqual({ right: 55, of: 60 });
  expect(triage).toEqual(points[1]);
  expect(withExternal(points, [run('a', 0.4), run('b', 0.5)], 'a')).toEqual(points);
});

import { expect, test } from 'vitest';
import { simulateTriage } from '../../evaluation/index.ts';
import { meanWaits } from '../../statistics/index.ts';
import { shiftReport } from './shift-report.ts';
import { simulateShift, USUAL_SHIFT } from './simulate-shift.ts';

/** As the bundled model's card has them at its point triage. */
const RATES = { sensitivity: 21 / 24, specificity: 20 / 33 };
const few = { ...USUAL_SHIFT, studies: 20_000 };

test('Cobham: the wait of each class, and of first come, first served', () => {
  const queue = { arrivalsPerMinute: 0.08, meanServiceMinutes: 10, meanSquareMinutes: 200 };
  const close = (found: readonly number[]) => found.map((wait) => Number(wait.toFixed(9)));
  // load 0.8, residual 8 minutes: 8 / 0.2; 8 / 0.76 and 8 / (0.76 * 0.2)
  expect(close(meanWaits({ ...queue, shares: [1] }))).toEqual([40]);
  expect(close(meanWaits({ ...queue, shares: [0.3, 0.7] }))).toEqual(close([8 / 0.76, 8 / 0.152]));
  // readings that all take 10 minutes: half of it
  expect(close(meanWaits({ ...queue, meanSquareMinutes: 100, shares: [1] }))).toEqual([20]);
  expect(() => meanWaits({ ...queue, arrivalsPerMinute: 0.1, shares: [1] })).toThrow(
    /1\.00 times as much arrives/,
  );
});

test('positives wait at most 60 % as long, and nobody over the cap is passed over', () => {
  // Near the bound, so that fewer studies would not tell
  const { inOrder, triage, passedOver } = simulateShift(USUAL_SHIFT, RATES);
  expect(triage.bleeding.mean / inOrder.bleeding.mean).toBeLessThan(0.6);
  expect(passedOver).toBe(0);
  // as much work waits whatever the order, so that others pay: the mean of all stays
  const ofAll = (mean: { bleeding: { mean: number }; others: { mean: number } }) =>
    few.prevalence * mean.bleeding.mean + (1 - few.prevalence) * mean.others.mean;
  expect(ofAll(triage) / ofAll(inOrder)).toBeCloseTo(1, 1);
});

test('without a cap it is the queue model of evaluate, arrival by arrival', () => {
  const { utilisation, readingMinutes, prevalence, seed } = few;
  const { inOrder, triage } = simulateShift({ ...few, capMinutes: Number.POSITIVE_INFINITY }, RATES);
  const room = { ...few, arrivalsPerHour: (60 * utilisation) / readingMinutes };
  const model = simulateTriage(room, RATES, prevalence, seed);
  expect(triage.bleeding).toEqual(model.withModel);
  expect(triage.others.mean).toBeCloseTo(model.othersWithModel, 9);
  const ofAll = prevalence * inOrder.bleeding.mean + (1 - prevalence) * inOrder.others.mean;
  expect(Math.abs(ofAll - model.inOrder.mean)).toBeLessThan(0.1 * model.standardError + 0.5);
});

test('without a cap its means are those of the formula, within the simulation', () => {
  const shift = { ...few, modelMinutes: 1e-9, capMinutes: Number.POSITIVE_INFINITY };
  const seeds = [1, 2, 3, 4, 5, 6];
  const found = seeds.map((seed) => simulateShift({ ...shift, seed }, RATES));
  const { formula } = simulateShift({ ...shift, studies: 1000 }, RATES);
  for (const [simulated, expected] of [
    [found.map(({ inOrder }) => inOrder.others.mean), formula.inOrder],
    [found.map(({ triage }) => triage.bleeding.mean), formula.bleeding],
    [found.map(({ triage }) => triage.others.mean), formula.others],
  ] as const) {
    const mean = simulated.reduce((sum, one) => sum + one, 0) / seeds.length;
    const spread = Math.sqrt(simulated.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 5);
    expect(Math.abs(mean - expected)).toBeLessThan((4 * spread) / Math.sqrt(seeds.length));
  }
});

test('the report says what was found, and where its rates come from', async () => {
  const { lines, files } = await shiftReport(few, RATES, 'as given', simulateShift(few, RATES));
  expect(lines[0]).toMatch(/^Studies with hemorrhage wait \d+\.\d minutes .* \d\d % of it\.$/);
  expect(files['shift.html']).toContain('a specificity of 0.606: as given');
  expect(files['shift.svg']).toContain('hemorrhage, by triage');
});

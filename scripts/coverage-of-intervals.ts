// npm run test:coverage-of-intervals: how often 95% intervals hold the truth, by simulation, as a
// table. Fails where an interval over which no warning stands covers less than 93%.
import { createRandom, type Random } from '../src/base/index.ts';
import { needsReaderWarning, needsRowsWarning } from '../src/evaluation/index.ts';
import {
  bootstrap,
  clusteredAuc,
  confusionAt,
  decisionStatistics,
  f1Value,
  isEmpty,
  type Measurement,
  percentileInterval,
  rankScores,
  rateValue,
  seededResampling,
  weightedRoc,
} from '../src/statistics/index.ts';

const DATA_SETS = Number(process.argv[2] ?? 2000);
const REPLICATES = 400;
const LEAST_COVERAGE = 0.93;

/** The normal integral by Simpson's rule, to about 1e-12: independent of what is tested. */
function normalCdf(z: number): number {
  const steps = 2000;
  const width = z / steps;
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let k = 1; k < steps; k++) sum += (k % 2 === 1 ? 4 : 2) * density(k * width);
  return 0.5 + (sum * width) / 3;
}

function quantileOf(share: number): number {
  let [low, high] = [-8, 8];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

interface Outcome {
  readonly figure: string;
  readonly truth: number;
  readonly interval: Measurement;
  readonly warned: boolean;
}

interface Design {
  readonly name: string;
  readonly draw: (random: Random, seed: number) => readonly Outcome[];
}

/** A model against one reader, a patient a row: sensitivity at the reader's specificity less the reader's. */
function readerDesign(
  positives: number,
  negatives: number,
  sensitivity: number,
  specificity: number,
): Design {
  const distance = 2.5;
  const truth = normalCdf(distance - quantileOf(specificity)) - sensitivity;
  return {
    name: `${positives}:${negatives} patients, reader ${sensitivity} and ${specificity}`,
    draw: (random, seed) => {
      const rows = positives + negatives;
      const positive = Uint8Array.from({ length: rows }, (_, k) => Number(k < positives));
      const scores = Float64Array.from(positive, (one) => one * distance + random.normal());
      const decisions = Float64Array.from(positive, (one) =>
        Number(one === 1 ? random.uniform() < sensitivity : random.uniform() >= specificity),
      );
      const patients = Uint32Array.from({ length: rows }, (_, k) => k);
      const roc = weightedRoc(rankScores(scores, positive), patients);
      const reader = decisionStatistics(positive, decisions, patients, rows);
      const difference = (weights: Uint16Array) => {
        const { sensitivity: own, specificity: at } = reader(weights);
        return {
          difference: Number.isNaN(at) ? Number.NaN : (roc(weights, [1 - at])[0] ?? Number.NaN) - own,
        };
      };
      const drawn = bootstrap(seededResampling(rows, REPLICATES, seed), difference).difference;
      const value = difference(new Uint16Array(rows).fill(1)).difference;
      const alarms = decisions.reduce((sum, called, k) => sum + called * (1 - (positive[k] ?? 0)), 0);
      const interval = percentileInterval(value, drawn);
      return [
        { figure: 'difference at reader specificity', truth, interval, warned: needsReaderWarning(alarms) },
      ];
    },
  };
}

/** Patients of four rows each that share half of their variance; twice as many without a positive row. */
function clusteredDesign(positivePatients: number): Design {
  const [rowsEach, distance, threshold] = [4, 2, 1];
  const sensitivity = normalCdf(distance - threshold);
  const alarms = 2 * normalCdf(-threshold);
  const truths = {
    sensitivity,
    f1: (2 * sensitivity) / (sensitivity + alarms + 1),
    auc: normalCdf(distance / Math.SQRT2),
  };
  return {
    name: `${positivePatients} positive patients of ${3 * positivePatients}, four rows each`,
    draw: (random, seed) => {
      const patientCount = 3 * positivePatients;
      const effects = Float64Array.from({ length: patientCount }, () => random.normal());
      const patients = Uint32Array.from({ length: rowsEach * patientCount }, (_, k) =>
        Math.floor(k / rowsEach),
      );
      const positive = Uint8Array.from(patients, (patient) => Number(patient < positivePatients));
      const scores = Float64Array.from(patients, (patient, k) => {
        const own = (effects[patient] ?? 0) + random.normal();
        return (positive[k] ?? 0) * distance + own / Math.SQRT2;
      });
      const called = Float64Array.from(scores, (score) => Number(score >= threshold));
      const statistics = decisionStatistics(positive, called, patients, patientCount);
      const drawn = bootstrap(seededResampling(patientCount, REPLICATES, seed), statistics);
      const confusion = confusionAt(scores, positive, threshold);
      const warned = needsRowsWarning(positivePatients);
      return [
        {
          figure: 'sensitivity',
          truth: truths.sensitivity,
          interval: percentileInterval(rateValue(confusion, 'sensitivity'), drawn.sensitivity),
          warned,
        },
        {
          figure: 'F1',
          truth: truths.f1,
          interval: percentileInterval(f1Value(confusion), drawn.f1),
          warned,
        },
        {
          figure: 'AUC (Obuchowski)',
          truth: truths.auc,
          interval: clusteredAuc(rankScores(scores, positive), patients),
          warned,
        },
      ];
    },
  };
}

const DESIGNS: readonly Design[] = [
  readerDesign(194, 105, 0.91, 0.99),
  readerDesign(194, 105, 0.91, 0.9),
  readerDesign(100, 100, 0.8, 0.85),
  readerDesign(40, 100, 0.8, 0.8),
  ...[5, 10, 20, 40, 100].map(clusteredDesign),
];

interface Tally {
  all: number;
  held: number;
  quiet: number;
  quietHeld: number;
}

let failed = false;
process.stdout.write('| design | figure | coverage | where no warning stands |\n|---|---|---|---|\n');
for (const design of DESIGNS) {
  const tallies = new Map<string, Tally>();
  const root = createRandom(20);
  for (let set = 0; set < DATA_SETS; set++) {
    for (const { figure, truth, interval, warned } of design.draw(root.fork(`${design.name} ${set}`), set)) {
      if (isEmpty(interval)) continue;
      const tally = tallies.get(figure) ?? { all: 0, held: 0, quiet: 0, quietHeld: 0 };
      tallies.set(figure, tally);
      const held = Number(interval.low <= truth && truth <= interval.high);
      tally.all++;
      tally.held += held;
      if (warned) continue;
      tally.quiet++;
      tally.quietHeld += held;
    }
  }
  for (const [figure, { all, held, quiet, quietHeld }] of tallies) {
    // a twentieth of the data sets at least: fewer say nothing
    const judged = quiet >= DATA_SETS / 20;
    const shown = judged ? `${(quietHeld / quiet).toFixed(3)} of ${quiet}` : 'a warning stands';
    process.stdout.write(
      `| ${design.name} | ${figure} | ${(held / all).toFixed(3)} of ${all} | ${shown} |\n`,
    );
    if (judged && quietHeld / quiet < LEAST_COVERAGE) failed = true;
  }
}
if (failed) {
  process.stderr.write('an interval without a warning covers less than 93%\n');
  process.exitCode = 1;
}

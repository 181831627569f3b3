// npm run test:coverage-of-bands [sets]: how often a ROC band's pointwise 95% intervals hold the true sensitivity, by
// simulation, as a table of docs/evaluation.md.
import { createRandom } from '../src/base/index.ts';
import { isEmpty, rankScores, rocBand, seededResampling, weightedRoc } from '../src/statistics/index.ts';
import { type Design, design, draw, TRUTH_ROWS } from './coverage/simulated-rows.ts';

const DATA_SETS = Number(process.argv[2] ?? 1000);
const REPLICATES = 200;
const RATES = [0.01, 0.05, 0.1, 0.2, 0.4];
const DESIGNS = [
  design(194, 105, 1, 2),
  design(194, 105, 1, 3),
  design(100, 100, 1, 2),
  design(40, 80, 1, 2),
  design(100, 200, 4, 2),
];

/** Of each rate, in how many of the sets the interval held the truth. */
function coverageOf(one: Design): number[] {
  const root = createRandom(22);
  const rowsOfSet = one.rowsEach * (one.positives + one.negatives);
  const many = draw(one, root.fork('truth'), Math.ceil(TRUTH_ROWS / rowsOfSet));
  const all = new Uint16Array(many.patientCount).fill(1);
  const truth = weightedRoc(rankScores(many.values, many.positive), many.patients)(all, RATES);
  const held = RATES.map(() => 0);
  for (let set = 0; set < DATA_SETS; set++) {
    const { values, positive, patients, patientCount } = draw(one, root.fork(`${set}`));
    const resampling = seededResampling(patientCount, REPLICATES, set);
    const band = rocBand(rankScores(values, positive), patients, resampling, RATES);
    if (isEmpty(band)) continue;
    for (const { falsePositiveRate, low, high } of band) {
      const k = RATES.indexOf(falsePositiveRate);
      const real = truth[k] ?? Number.NaN;
      if (low <= real && real <= high) held[k] = (held[k] ?? 0) + 1;
    }
  }
  return held.map((count) => count / DATA_SETS);
}

const print = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
print(['Patients', 'Rows of each', 'Distance of the classes', ...RATES.map((rate) => `at ${rate}`)]);
print(Array.from({ length: 3 + RATES.length }, () => '---'));
for (const one of DESIGNS) {
  const { positives, negatives, rowsEach, distance } = one;
  const coverage = coverageOf(one).map((share) => share.toFixed(3));
  print([`${positives}:${negatives}`, String(rowsEach), String(distance), ...coverage]);
}

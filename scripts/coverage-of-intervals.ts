// npm run test:coverage-of-intervals [sets]: how often 95% intervals hold the truth, by simulation, as two tables of
// docs/evaluation.md. Fails where an interval over which no warning stands covers less than 93%.
import { createRandom } from '../src/base/index.ts';
import {
  judge,
  type MeasureName,
  needsAucWarning,
  needsRowsWarning,
  type Performance,
} from '../src/evaluation/index.ts';
import { advantageInterval, isEmpty, rankScores, weightedRoc } from '../src/statistics/index.ts';
import { type Design, design, draw, TRUTH_ROWS } from './coverage/simulated-rows.ts';

const DATA_SETS = Number(process.argv[2] ?? 2000);
const REPLICATES = 400;
const LEAST_COVERAGE = 0.93;

/** Of each figure the data sets with an interval, those in which it held, and both again where no warning stood. */
class Tally {
  all = 0;
  held = 0;
  quiet = 0;
  quietHeld = 0;

  add(held: boolean, warned: boolean): void {
    this.all++;
    this.held += Number(held);
    if (warned) return;
    this.quiet++;
    this.quietHeld += Number(held);
  }

  /** Most of the data sets must be without a warning: the few of a design that mostly brings one are chosen by their value. */
  get isJudged(): boolean {
    return this.quiet >= DATA_SETS / 2;
  }

  get fails(): boolean {
    return this.isJudged && this.quietHeld / this.quiet < LEAST_COVERAGE;
  }

  /** In brackets where a warning stands. */
  get text(): string {
    if (this.all < DATA_SETS / 20) return '';
    const coverage = this.isJudged ? this.quietHeld / this.quiet : this.held / this.all;
    return this.isJudged ? coverage.toFixed(3) : `(${coverage.toFixed(3)})`;
  }
}

const FIGURES = {
  accuracy: 'Accuracy',
  sensitivity: 'Sensitivity',
  specificity: 'Specificity',
  ppv: 'PPV',
  npv: 'NPV',
  f1: 'F1',
  positiveLikelihoodRatio: 'LR+',
  negativeLikelihoodRatio: 'LR-',
  auc: 'AUC',
  averagePrecision: 'AP',
  brier: 'Brier',
  logLoss: 'Log loss',
} as const satisfies Partial<Record<MeasureName, string>>;
type Figure = keyof typeof FIGURES;
const NAMES = Object.keys(FIGURES) as Figure[];
/** Resampled where each patient has one row too. */
const RESAMPLED: ReadonlySet<Figure> = new Set(['averagePrecision', 'brier', 'logLoss']);

function isWarned(figure: Figure, found: Performance): boolean {
  const area = found.measures.auc;
  if (figure === 'auc' && area && !isEmpty(area) && needsAucWarning(found, area.value)) return true;
  const rests = found.patients < found.rows || RESAMPLED.has(figure);
  return rests && needsRowsWarning(found);
}

const OPTIONS = { threshold: 0.5, confidence: 0.95, replicates: REPLICATES, seed: 1 };

function coverageOfFigures(design: Design): ReadonlyMap<Figure, Tally> {
  const root = createRandom(20);
  const patients = design.positives + design.negatives;
  const many = draw(design, root.fork('truth'), Math.ceil(TRUTH_ROWS / patients / design.rowsEach));
  const truth = judge(many, { ...OPTIONS, replicates: 0 }).measures;
  const tallies = new Map(NAMES.map((name) => [name, new Tally()]));
  for (let set = 0; set < DATA_SETS; set++) {
    const found = judge(draw(design, root.fork(`${set}`)), { ...OPTIONS, seed: set });
    for (const [name, tally] of tallies) {
      const [own, real] = [found.measures[name], truth[name]];
      if (!own || !real || isEmpty(own) || isEmpty(real) || Number.isNaN(own.low)) continue;
      tally.add(own.low <= real.value && real.value <= own.high, isWarned(name, found));
    }
  }
  return tallies;
}

/** A model against one reader, a patient a row. */
interface ReaderDesign {
  readonly positives: number;
  readonly negatives: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly distance: number;
}

function coverageAtReader({ positives, negatives, sensitivity, specificity, distance }: ReaderDesign): Tally {
  const root = createRandom(21);
  const rows = positives + negatives;
  const patients = Uint32Array.from({ length: rows }, (_, k) => k);
  const positive = Uint8Array.from(patients, (k) => Number(k < positives));
  const all = new Uint16Array(rows).fill(1);
  const truth = normalCdf(distance - normalQuantile(specificity)) - sensitivity;
  const tally = new Tally();
  for (let set = 0; set < DATA_SETS; set++) {
    const random = root.fork(`${set}`);
    const scores = Float64Array.from(positive, (one) => one * distance + random.normal());
    const decisions = Uint8Array.from(positive, (one) =>
      Number(random.chance(one === 1 ? sensitivity : 1 - specificity)),
    );
    const ranked = rankScores(scores, positive);
    const share = (kind: number, among: number) =>
      decisions.filter((called, k) => called === 1 && positive[k] === kind).length / among;
    const reached = weightedRoc(ranked, patients)(all, [share(0, negatives)])[0] ?? Number.NaN;
    const found = advantageInterval(reached - share(1, positives), ranked, decisions, patients, {
      ...OPTIONS,
      seed: set,
    });
    if (!isEmpty(found)) tally.add(found.low <= truth && truth <= found.high, false);
  }
  return tally;
}

/** The normal integral by Simpson's rule, to about 1e-12: independent of what is tested. */
function normalCdf(z: number): number {
  const steps = 2000;
  const width = z / steps;
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let k = 1; k < steps; k++) sum += (k % 2 === 1 ? 4 : 2) * density(k * width);
  return 0.5 + (sum * width) / 3;
}

function normalQuantile(share: number): number {
  let [low, high] = [-8, 8];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

const DESIGNS = [2, 3].flatMap((distance) => [
  design(194, 105, 1, distance),
  design(20, 40, 1, distance),
  design(40, 80, 1, distance),
  design(100, 100, 1, distance),
  ...[10, 20, 40, 80, 100].map((positives) => design(positives, 2 * positives, 4, distance)),
]);

const readerDesign = (
  positives: number,
  negatives: number,
  sensitivity: number,
  specificity: number,
  distance: number,
): ReaderDesign => ({ positives, negatives, sensitivity, specificity, distance });
const READER_DESIGNS = [
  readerDesign(194, 105, 0.91, 0.99, 3.5),
  readerDesign(194, 105, 0.91, 0.99, 2.5),
  readerDesign(194, 105, 0.91, 0.9, 2.5),
  readerDesign(173, 127, 0.8, 0.96, 2),
  readerDesign(60, 60, 0.8, 0.98, 2),
  readerDesign(40, 100, 0.8, 0.8, 2.5),
  readerDesign(20, 150, 0.7, 0.98, 2),
];

const print = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const failed: string[] = [];

print(['Patients', 'Rows of each', 'AUC', ...Object.values(FIGURES)]);
print(Array.from({ length: 3 + NAMES.length }, () => '---'));
for (const one of DESIGNS) {
  const tallies = coverageOfFigures(one);
  const [patients, area] = [`${one.positives}:${one.negatives}`, normalCdf(one.distance / Math.SQRT2)];
  print([
    patients,
    String(one.rowsEach),
    area.toFixed(2),
    ...NAMES.map((name) => tallies.get(name)?.text ?? ''),
  ]);
  for (const [name, tally] of tallies) if (tally.fails) failed.push(`${FIGURES[name]} of ${patients}`);
}

process.stdout.write('\n');
print(['Patients', 'Reader: sensitivity, specificity', 'AUC', 'Difference at the specificity']);
print(['---', '---', '---', '---']);
for (const one of READER_DESIGNS) {
  const tally = coverageAtReader(one);
  const area = normalCdf(one.distance / Math.SQRT2);
  const patients = `${one.positives}:${one.negatives}`;
  print([patients, `${one.sensitivity}, ${one.specificity}`, area.toFixed(2), tally.text]);
  if (tally.fails) failed.push(`difference at a reader's specificity of ${patients}`);
}

if (failed.length > 0) {
  process.stderr.write(`less than ${LEAST_COVERAGE} without a warning: ${failed.join('; ')}\n`);
  process.exitCode = 1;
}

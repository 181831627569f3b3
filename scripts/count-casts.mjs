// npm run casts: what the compiler is told instead of asked. Counts `as` (but not `as const`) and `!` per 1,000 lines of
// src/ and web/, tests aside; fails above the limit. Reading by index is at() of src/base; the loops below are measured
// to need the unchecked form.
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** At most so many per 1,000 lines, outside the files below. */
const MOST_PER_1000_LINES = 8;
/** The checked accessor itself, and loops over voxels, weights or resamples in which a call per element is too slow. */
const HOT_LOOPS = [
  'src/base/at.ts',
  // With at(), measured on one machine: import's resampling takes twice as long, pictures of slices 3.4 times
  'src/cohort/paper-grid.ts',
  'src/figures/heat-map-colors.ts',
  'src/figures/raster.ts',
  // Key images a half longer
  'src/figures/raster-text.ts',
  // A slice in a window 1.7 times
  'src/volume/display-window.ts',
  // Smoothing 2.8 times, distances 2.3 times
  'src/phantom/insertion/image.ts',
  'src/phantom/insertion/regions.ts',
  // A whole phantom a fifth longer, most of it here
  'src/phantom/scan/blur.ts',
  'src/phantom/scan/draw-head.ts',
  'src/phantom/scan/scan-slice.ts',
  // Areas, their variances and a regression's steps over 300,000 rows: 2 to 3 times
  'src/statistics/auc.ts',
  'src/statistics/clustered-auc.ts',
  'src/statistics/logistic.ts',
  // What each of 2,000 replicates repeats: decisions 40 times, ranking 8 times, the curve 4 times
  'src/statistics/weighted-confusion.ts',
  'src/statistics/weighted-ranking.ts',
  'src/statistics/weighted-roc.ts',
  // Gradients of a whole network added up after each scan: 20 times
  'src/training/common/gradients.ts',
];

const files = globSync(['src/**/*.ts', 'web/**/*.{ts,tsx}'])
  .filter((file) => !/\.test\.tsx?$|-fixture\.ts$/.test(file) && !HOT_LOOPS.includes(file))
  .sort();
const counted = files.map((file) => ({ file, ...countCasts(file, readFileSync(file, 'utf8')) }));
const total = sum(counted.map(({ casts }) => casts));
const rate = (1000 * total) / sum(counted.map(({ lines }) => lines));
if (process.argv.includes('--list'))
  for (const { file, casts } of counted.sort((a, b) => b.casts - a.casts))
    if (casts > 0) console.log(`${casts}\t${file}`);
console.log(
  `${total} casts and assertions, ${rate.toFixed(1)} per 1,000 lines (at most ${MOST_PER_1000_LINES})`,
);
if (rate > MOST_PER_1000_LINES) {
  console.error(
    'too many: read by index with at() of src/base/, and let types say the rest (npm run casts -- --list)',
  );
  process.exit(1);
}

function countCasts(file, text) {
  let casts = 0;
  const visit = (node) => {
    if (ts.isNonNullExpression(node) || (ts.isAsExpression(node) && !isConst(node))) casts++;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return { casts, lines: text.split('\n').length };
}

function isConst({ type }) {
  return ts.isTypeReferenceNode(type) && type.typeName.escapedText === 'const';
}

function sum(numbers) {
  return numbers.reduce((total, n) => total + n, 0);
}

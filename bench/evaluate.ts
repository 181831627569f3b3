/**
 * Bar 3 of the evaluation: 900,000 slice rows of 20,000 patients, six classes, every metric, 2,000 patient-resampled
 * replicates; DeLong alone on 900,000 rows; and pROC's DeLong on the same rows where R is installed.
 *
 *     node bench/evaluate.ts [rows] [replicates]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, HEMORRHAGE_CLASSES } from '../src/base/index.ts';
import { DEFAULT_OPTIONS, type JudgeTask, judgeMany } from '../src/evaluation/index.ts';
import { delong, isEmpty, rankScores } from '../src/statistics/index.ts';

const rows = Number(process.argv[2] ?? 900_000);
const replicates = Number(process.argv[3] ?? 2_000);
const SLICES_PER_PATIENT = 45;
/** As `ichor evaluate` asks for them: ROC bands and predictive values too. */
const bandRates = Array.from({ length: 41 }, (_, k) => (k / 40) ** 2);
const { prevalences } = DEFAULT_OPTIONS;
const SHARES = [0.23, 0.19, 0.11, 0.02, 0.08, 0.16];

const patients = Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / SLICES_PER_PATIENT));
const patientCount = Math.ceil(rows / SLICES_PER_PATIENT);
const tasks: JudgeTask[] = HEMORRHAGE_CLASSES.map((_, k) => {
  const random = createRandom(k + 1);
  const positive = Uint8Array.from({ length: rows }, () => (random.chance(SHARES[k] as number) ? 1 : 0));
  const values = Float64Array.from(
    positive,
    (flag) => 1 / (1 + Math.exp(2 - random.normal(1.8 * flag, 1.2))),
  );
  const options = { threshold: 0.5, confidence: 0.95, replicates, seed: 7, bandRates, prevalences };
  return { rows: { values, positive, patients, patientCount }, options };
});

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(2)} s`;

const first = tasks[0] as JudgeTask;
/** The best of three on both sides: compiling and loading are paid once by either. */
const TRIES = 3;
const tries = Array.from({ length: TRIES }, () => {
  const began = performance.now();
  const found = delong(rankScores(first.rows.values, first.rows.positive));
  return { found, ms: performance.now() - began };
});
const area = (tries[0] as (typeof tries)[number]).found;
const delongMs = Math.min(...tries.map(({ ms }) => ms));
console.log(`DeLong, first try: ${((tries[0]?.ms ?? 0) / 1000).toFixed(2)} s`);
console.log(`DeLong on ${rows} rows: ${(delongMs / 1000).toFixed(2)} s`);
if (isEmpty(area)) throw new Error(area.empty);

const start = performance.now();
const judged = await judgeMany(tasks);
console.log(`every metric, ${tasks.length} classes, ${replicates} replicates: ${seconds(start)}`);
console.log(`peak memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
for (const [k, p] of judged.entries()) {
  const found = p.measures.auc;
  if (found && !isEmpty(found)) {
    console.log(
      `${HEMORRHAGE_CLASSES[k]?.name}: AUC ${found.value.toFixed(4)} (${found.low.toFixed(4)} to ${found.high.toFixed(4)})`,
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'ichor-bench-'));
try {
  writeFileSync(join(folder, 'scores.f64'), Buffer.from(first.rows.values.buffer));
  writeFileSync(join(folder, 'positive.u8'), first.rows.positive);
  const script = [
    'suppressMessages(library(pROC))',
    `s <- readBin("${join(folder, 'scores.f64')}", "double", ${rows})`,
    `y <- readBin("${join(folder, 'positive.u8')}", "integer", ${rows}, size = 1)`,
    `t <- min(sapply(1:${TRIES}, function(i) system.time(found <<- ci.auc(roc(y, s, direction = "<", quiet = TRUE), method = "delong"))[["elapsed"]]))`,
    'cat(sprintf("%.17g %.17g %.17g %.3f", found[2], found[1], found[3], t))',
  ].join('; ');
  const ran = spawnSync('Rscript', ['-e', script], { encoding: 'utf8' });
  if (ran.error || ran.status !== 0) console.log('pROC: R or pROC is not installed here');
  else {
    const [auc, low, high, time] = ran.stdout.split(' ').map(Number) as [number, number, number, number];
    const apart = Math.max(Math.abs(auc - area.value), Math.abs(low - area.low), Math.abs(high - area.high));
    console.log(
      `pROC, the same rows: ${time.toFixed(2)} s, ${((time * 1000) / delongMs).toFixed(1)} times ours; numbers apart by ${apart.toExponential(1)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

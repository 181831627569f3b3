import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ANY_HEMORRHAGE, at, HEMORRHAGE_CLASSES, IchorError } from '../../base/index.ts';
import {
  auc,
  bootstrap,
  isEmpty,
  numberClusters,
  percentileInterval,
  rankingStatistics,
  rankScores,
  seededResampling,
} from '../../statistics/index.ts';
import type { SeriesLogits } from './run.ts';
import type { CopyPlan } from './series-copy.ts';

/** What one run said of one series that it never saw. */
export interface UnseenSeries extends SeriesLogits {
  readonly study: string;
  readonly form: CopyPlan['form'];
  readonly targets: readonly (readonly number[])[];
}

export interface FoldFile {
  readonly seed: number;
  readonly fold: number;
  readonly predictions: readonly UnseenSeries[];
}

/** One class at one level: the mean over the seeds of the pooled out-of-fold AUC, with its interval. */
export interface OutOfFoldFigure {
  readonly name: string;
  readonly level: 'slice' | 'subject';
  readonly positives: number;
  readonly rows: number;
  /** Absent where fewer than ten patients are positive: then only the counts are given. */
  readonly auc?: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly bySeed: readonly number[];
  };
  /**
   * Rows on the right side of a probability of 0.5, of those with and of those without the class: the mean over the
   * seeds, rounded. Of subjects with any hemorrhage alone: the one decision that a reader is given.
   */
  readonly rightAtHalf?: { readonly positives: number; readonly negatives: number };
}

/** A subtype with fewer positive patients gets counts only. */
const FEWEST_POSITIVE_PATIENTS = 10;
const REPLICATES = 2000;
const BOOTSTRAP_SEED = 2026;

/** The fold files of a folder; only seeds with all their folds count: there may be none. */
export async function readFolds(folder: string, folds: number): Promise<FoldFile[]> {
  const names = (await readdir(folder)).filter((name) => /^seed-\d+-fold-\d+\.json$/.test(name)).sort();
  const files = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as FoldFile),
  );
  return files.filter((file) => files.filter((other) => other.seed === file.seed).length === folds);
}

interface Row {
  readonly patient: string;
  readonly positive: boolean;
  readonly score: number;
}

/** Pooled over the folds of each seed, patients resampled the same way for every seed; plain series only. */
export function outOfFoldFigures(files: readonly FoldFile[]): OutOfFoldFigure[] {
  const bySeed = [...Map.groupBy(files, (file) => file.seed).values()].map((seedFiles) =>
    seedFiles.flatMap((file) => file.predictions.filter((p) => p.form === 'plain')),
  );
  return HEMORRHAGE_CLASSES.flatMap(({ name }, c) =>
    (['slice', 'subject'] as const).map((level) =>
      figureOf(
        name,
        level,
        bySeed.map((series) => rowsOf(series, c, level)),
      ),
    ),
  );
}

function rowsOf(series: readonly UnseenSeries[], c: number, level: 'slice' | 'subject'): Row[] {
  // Subtypes as the paper scores them: subjects with hemorrhage, all of their slices
  const population = c === 0 ? series : series.filter((s) => s.targets.some((row) => row[0] === 1));
  const score = ({ twoType, fiveType }: UnseenSeries, slice?: number): number => {
    if (c === 0) return slice === undefined ? twoType.subject : at(twoType.slices, slice);
    return (slice === undefined ? fiveType.subject[c - 1] : fiveType.slices[slice]?.[c - 1]) as number;
  };
  return population.flatMap((s) => {
    const patient = s.study;
    if (level === 'subject')
      return [{ patient, positive: s.targets.some((row) => row[c] === 1), score: score(s) }];
    return s.targets.map((row, slice) => ({ patient, positive: row[c] === 1, score: score(s, slice) }));
  });
}

function figureOf(
  name: string,
  level: 'slice' | 'subject',
  seeds: readonly (readonly Row[])[],
): OutOfFoldFigure {
  const [first = []] = seeds;
  const counts = { positives: first.filter((r) => r.positive).length, rows: first.length };
  const patients = new Set(first.filter((r) => r.positive).map((r) => r.patient));
  if (patients.size < FEWEST_POSITIVE_PATIENTS) return { name, level, ...counts };
  const replicates = new Float64Array(REPLICATES);
  const found = seeds.map((rows) => {
    const { cluster, count } = numberClusters(rows.map((r) => r.patient));
    const ranked = rankScores(
      rows.map((r) => r.score),
      rows.map((r) => r.positive),
    );
    const drawn = bootstrap(
      seededResampling(count, REPLICATES, BOOTSTRAP_SEED),
      rankingStatistics(ranked, cluster),
    );
    for (let i = 0; i < REPLICATES; i++) replicates[i] = at(replicates, i) + at(drawn.auc, i) / seeds.length;
    const value = auc(ranked);
    return isEmpty(value) ? Number.NaN : value.value;
  });
  const mean = found.reduce((a, b) => a + b, 0) / found.length;
  const interval = percentileInterval(mean, replicates);
  if (isEmpty(interval))
    throw new IchorError('interval-missing', `${name} at ${level} level: ${interval.empty}`);
  const figure = {
    name,
    level,
    ...counts,
    auc: { mean, low: interval.low, high: interval.high, bySeed: found },
  };
  const isDecision = name === ANY_HEMORRHAGE.name && level === 'subject';
  return isDecision ? { ...figure, rightAtHalf: rightAtHalf(seeds) } : figure;
}

function rightAtHalf(seeds: readonly (readonly Row[])[]) {
  const rows = seeds.flat();
  // Scores are logits: a probability of 0.5 is a logit of 0, and it counts as positive
  const right = (positive: boolean) =>
    rows.filter((row) => row.positive === positive && row.score >= 0 === positive).length;
  const mean = (count: number) => Math.round(count / seeds.length);
  return { positives: mean(right(true)), negatives: mean(right(false)) };
}

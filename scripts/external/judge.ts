import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageName } from '../../src/base/index.ts';
import {
  auc,
  bootstrap,
  clopperPearson,
  isEmpty,
  numberClusters,
  percentileInterval,
  rankingStatistics,
  rankScores,
  seededResampling,
} from '../../src/statistics/index.ts';
import type { SliceState } from './phe-sich.ts';

/** What became of one patient: a refusal by its code, or what the model said. Stays in the work folder. */
export type ExternalOutcome =
  | { readonly patient: string; readonly refused: string }
  | {
      readonly patient: string;
      readonly subject: Readonly<Partial<Record<HemorrhageName, number>>>;
      readonly slices: readonly number[];
      readonly states: readonly SliceState[];
      /** Over the limit: from 1 on the series is unlike the training. */
      readonly unlikeTraining?: number;
    };
type Predicted = Extract<ExternalOutcome, { slices: unknown }>;

const isPredicted = (outcome: ExternalOutcome): outcome is Predicted => 'slices' in outcome;

/** A slice from here on contradicts a negative subject strongly. */
const STRONG = 0.8;
const DECISION = 0.5;
const REPLICATES = 2000;
const BOOTSTRAP_SEED = 2026;

export interface NamedPoint {
  readonly name: string;
  readonly probability: number;
}

/** Aggregate figures of a run: no patient can be told from them. */
export function externalFigures(outcomes: readonly ExternalOutcome[], points: readonly NamedPoint[]) {
  const predicted = outcomes.filter(isPredicted);
  const refusals = outcomes.flatMap((outcome) => ('refused' in outcome ? [outcome.refused] : []));
  const best = (patient: Predicted) => Math.max(...patient.slices);
  const called = predicted.filter(({ subject }) => (subject.anyHemorrhage ?? 0) >= DECISION);
  const below = predicted.filter((patient) => !called.includes(patient));
  return {
    patients: outcomes.length,
    refused: countsOf(refusals),
    sliceAuc: sliceAuc(predicted),
    operatingPoints: points.map(({ name, probability }) => ({
      name,
      probability,
      ...foundBy(predicted, outcomes.length, probability),
    })),
    subtypesCalled: Object.fromEntries(
      HEMORRHAGE_SUBTYPE_NAMES.map((name) => [
        name,
        called.filter(({ subject }) => (subject[name] ?? 0) >= DECISION).length,
      ]),
    ),
    subjectBelowWithSliceAtHalf: below.filter((patient) => best(patient) >= DECISION).length,
    subjectBelowWithSliceAt80: below.filter((patient) => best(patient) >= STRONG).length,
    ...unlikeFigures(predicted),
    subjectAboveWithoutSlice: called.filter((patient) => best(patient) < DECISION).length,
  };
}

/** Distances over the limit, of models that describe their training. */
function unlikeFigures(predicted: readonly Predicted[]) {
  const over = predicted.flatMap(({ unlikeTraining }) => unlikeTraining ?? []).sort((a, b) => a - b);
  const [median, largest] = [over[Math.floor(over.length / 2)], over.at(-1)];
  if (median === undefined || largest === undefined) return {};
  const flagged = over.filter((distance) => distance > 1).length;
  return { unlikeTraining: { flagged, of: over.length, median: rounded(median), largest: rounded(largest) } };
}

const countsOf = (codes: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));

/** Refused patients count as not found. */
function foundBy(predicted: readonly Predicted[], all: number, from: number) {
  const subjects = predicted.filter(({ subject }) => (subject.anyHemorrhage ?? 0) >= from).length;
  const bySlices = predicted.filter(({ slices }) => slices.some((p) => p >= from)).length;
  const inState = (state: SliceState) =>
    predicted.flatMap(({ slices, states }) => slices.filter((_, i) => states[i] === state));
  const [bleeding, clean] = [inState('pos'), inState('neg')];
  const falseSlices = clean.filter((p) => p >= from).length;
  return {
    subjects: countOf(subjects, all),
    subjectsBySlices: countOf(bySlices, all),
    slicesFound: { count: bleeding.filter((p) => p >= from).length, of: bleeding.length },
    falseSlices: {
      count: falseSlices,
      of: clean.length,
      per100: Number(((100 * falseSlices) / clean.length).toFixed(2)),
    },
  };
}

/** A share with Clopper and Pearson's interval of 95 %. */
function countOf(count: number, all: number) {
  const share = clopperPearson(count, all);
  if (isEmpty(share)) return { count, of: all };
  return { count, of: all, low: rounded(share.low), high: rounded(share.high) };
}

function sliceAuc(predicted: readonly Predicted[]) {
  const rows = predicted.flatMap(({ patient, slices, states }) =>
    slices.flatMap((score, i) => {
      const state = states[i];
      return state === 'pos' || state === 'neg' ? [{ patient, score, positive: state === 'pos' }] : [];
    }),
  );
  const ranked = rankScores(
    rows.map(({ score }) => score),
    rows.map(({ positive }) => positive),
  );
  const { cluster, count } = numberClusters(rows.map(({ patient }) => patient));
  const area = auc(ranked);
  if (isEmpty(area)) throw new Error(`the slices have no AUC: ${area.empty}`);
  const resampling = seededResampling(count, REPLICATES, BOOTSTRAP_SEED);
  const drawn = bootstrap(resampling, rankingStatistics(ranked, cluster));
  const interval = percentileInterval(area.value, drawn.auc);
  if (isEmpty(interval)) throw new Error(`the slice AUC has no interval: ${interval.empty}`);
  return {
    value: rounded(area.value),
    low: rounded(interval.low),
    high: rounded(interval.high),
    positives: rows.filter(({ positive }) => positive).length,
    negatives: rows.filter(({ positive }) => !positive).length,
  };
}

const rounded = (value: number): number => Number(value.toFixed(4));

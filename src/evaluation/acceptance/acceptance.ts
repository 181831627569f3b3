import { at, HEMORRHAGE_SUBTYPES, IchorError } from '../../base/index.ts';
import type { OperatingPoint } from '../../network/index.ts';
import { isEmpty, type Measurement, wilson } from '../../statistics/index.ts';
import { NOT_READ } from '../cohort/judge-cohort.ts';
import type { Evaluation } from '../evaluate.ts';
import type { Performance } from '../measures/measures.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { inSet, populationOf, readRows, type StudyFilter, valuesOn } from '../opinions/population.ts';

/** What the site asked for before it looked; each is met where the whole interval is. */
export interface Criteria {
  readonly leastSensitivity?: number;
  readonly leastSpecificity?: number;
  /** Share of all studies that may be refused. */
  readonly mostRefused?: number;
}

/** What was tested, for the record. */
export interface TestedSystem {
  readonly software: string;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly operatingPoint: { readonly probability: number; readonly name?: string };
  /** Of the card, where its point is the one that was tested. */
  readonly measuredBefore: OperatingPoint['measured'];
  readonly cohort: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface JudgedCriterion {
  readonly text: string;
  readonly met: boolean;
}

/** A study at the operating point, by its code. */
export interface CalledStudy {
  readonly study: string;
  readonly probability: number;
}

/** What a site's own test found. */
export interface Acceptance {
  readonly tested: TestedSystem;
  readonly studies: number;
  readonly patients: number;
  readonly performance: Performance;
  readonly criteria: readonly JudgedCriterion[];
  /** All criteria are; undefined where none was stated. */
  readonly met: boolean | undefined;
  /** Called positive among the subjects whose reference has the subtype. */
  readonly foundBySubtype: readonly {
    readonly label: string;
    readonly found: Measurement;
    readonly text: string;
  }[];
  readonly missed: readonly CalledStudy[];
  readonly falsePositives: readonly CalledStudy[];
  readonly refused: readonly { readonly study: string; readonly reason: string }[];
  /** Studies that were read, of which the cohort says nothing: neither judged nor refused. */
  readonly unlabelled: number;
  readonly warnings: readonly string[];
}

/** From an evaluation at the operating point that is tested. Throws IchorError `nothing-judged` where no subject was judged. */
export function acceptanceOf(
  tested: TestedSystem,
  opinions: Opinions,
  evaluation: Evaluation,
  criteria: Criteria,
): Acceptance {
  const judged = evaluation.judged.find(
    ({ source, className, level }) =>
      source === evaluation.model && className === 'anyHemorrhage' && level === 'subject',
  );
  if (judged === undefined) throw new IchorError('nothing-judged', 'no subject of the cohort was judged');
  const { performance } = judged;
  const { probability: threshold } = tested.operatingPoint;
  const { reportOn } = evaluation.options;
  const isReported = inSet(opinions, reportOn);
  const reported = opinions.studies.filter((_, study) => isReported(study));
  const excluded = opinions.excluded.filter(({ set }) => set === reportOn);
  const calls = callsOf(opinions, evaluation.model, isReported, threshold);
  const left = excluded.map(({ study, reason }) => ({ study, reason }));
  const refused = left.filter(({ reason }) => reason.startsWith(NOT_READ));
  const studies = reported.length + refused.length;
  const judgedCriteria = judgeCriteria(criteria, performance, refused.length, studies);
  return {
    tested,
    studies,
    patients: new Set([...reported, ...excluded].map(({ patient }) => patient)).size,
    performance,
    criteria: judgedCriteria,
    met: judgedCriteria.length === 0 ? undefined : judgedCriteria.every(({ met }) => met),
    foundBySubtype: HEMORRHAGE_SUBTYPES.map(({ name, label }) => {
      const own = calls.filter(({ unit }) => opinions.references[name][unit] === 1);
      const found = own.filter(({ isPositive }) => isPositive).length;
      return { label, found: wilson(found, own.length), text: `${found} of ${own.length}` };
    }),
    missed: listed(
      calls.filter(({ bleeds, isPositive }) => bleeds && !isPositive),
      threshold,
    ),
    falsePositives: listed(
      calls.filter(({ bleeds, isPositive }) => !bleeds && isPositive),
      threshold,
    ),
    refused,
    unlabelled: left.length - refused.length,
    warnings: evaluation.warnings,
  };
}

interface Call extends CalledStudy {
  readonly unit: number;
  readonly bleeds: boolean;
  readonly isPositive: boolean;
}

/** Subjects of the set that is reported, with a reference, as the operating point calls them. */
function callsOf(opinions: Opinions, model: string, isReported: StudyFilter, threshold: number): Call[] {
  const rows = readRows(opinions, model, populationOf(opinions, 'anyHemorrhage', 'subject', isReported));
  return Array.from(valuesOn(opinions, model, rows), (probability, row): Call => {
    const unit = at(rows.units, row);
    const { study } = at(opinions.studies, at(opinions.studyOfUnit, unit));
    const bleeds = at(rows.positive, row) === 1;
    return { unit, study, probability, bleeds, isPositive: probability >= threshold };
  });
}

/** The ones that are furthest from the operating point first. */
const listed = (calls: readonly Call[], threshold: number): CalledStudy[] =>
  calls
    .map(({ study, probability }) => ({ study, probability }))
    .sort((a, b) => Math.abs(b.probability - threshold) - Math.abs(a.probability - threshold));

function judgeCriteria(
  { leastSensitivity, leastSpecificity, mostRefused }: Criteria,
  { measures }: Performance,
  refused: number,
  studies: number,
): JudgedCriterion[] {
  const least = (name: 'sensitivity' | 'specificity', wanted: number | undefined): JudgedCriterion[] => {
    if (wanted === undefined) return [];
    const found = measures[name];
    if (found === undefined || isEmpty(found))
      return [{ text: `${name} at least ${wanted}: ${found?.empty ?? 'not judged'}`, met: false }];
    const text = `${name} at least ${wanted}: the interval begins at ${found.low.toFixed(3)}`;
    return [{ text, met: found.low >= wanted }];
  };
  const share = studies === 0 ? 0 : refused / studies;
  return [
    ...least('sensitivity', leastSensitivity),
    ...least('specificity', leastSpecificity),
    ...(mostRefused === undefined
      ? []
      : [
          {
            text: `refused at most ${mostRefused} of all studies: ${share.toFixed(3)}`,
            met: share <= mostRefused,
          },
        ]),
  ];
}

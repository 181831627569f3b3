import { at } from '../../base/index.ts';
import { chiSquared, isEmpty, oneWayAnova, summarise } from '../../statistics/index.ts';
import { CLASS_NAMES } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import type { StudyFilter } from '../opinions/population.ts';
import { ratingSources } from '../opinions/rating-sources.ts';
import type { EvaluationOptions } from '../options.ts';
import { type Cell, pCell, type Table } from './table.ts';

/** The study of each subject or slice whose reference has a subtype and no hemorrhage. */
function contradictingReferences({ references, studies, studyOfUnit }: Opinions): string[] {
  const subtypes = CLASS_NAMES.filter((name) => name !== 'anyHemorrhage');
  return Array.from(references.anyHemorrhage.keys())
    .filter((unit) => references.anyHemorrhage[unit] === 0)
    .filter((unit) => subtypes.some((name) => references[name][unit] === 1))
    .map((unit) => studies[at(studyOfUnit, unit)]?.study ?? '');
}

/** Studies whose subject is negative for hemorrhage and one of whose slices is positive. */
function subjectsUnlikeSlices({ references, studies, studyOfUnit, sliceOfUnit }: Opinions): string[] {
  const [bleeding, found] = [new Set<number>(), [] as string[]];
  const any = references.anyHemorrhage;
  for (const [unit, known] of any.entries())
    if (known === 1 && sliceOfUnit[unit] !== 0) bleeding.add(at(studyOfUnit, unit));
  for (const [unit, known] of any.entries()) {
    const study = at(studyOfUnit, unit);
    if (known === 0 && sliceOfUnit[unit] === 0 && bleeding.has(study))
      found.push(studies[study]?.study ?? '');
  }
  return found;
}

function patientsInSets({ studies }: Opinions, reportOn: string): number {
  const elsewhere = new Set(studies.filter(({ set }) => set !== reportOn).map(({ patient }) => patient));
  const here = new Set(studies.filter(({ set }) => set === reportOn).map(({ patient }) => patient));
  return [...here].filter((patient) => elsewhere.has(patient)).length;
}

/** How subjects came in and why some were left out. */
export function flowTable(
  opinions: Opinions,
  { reportOn, madeWith = {} }: Pick<EvaluationOptions, 'reportOn' | 'madeWith'>,
): Table {
  const included = opinions.studies.length;
  const reasons = new Map<string, number>();
  for (const { reason } of opinions.excluded) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const sets = new Map<string, number>();
  for (const { set } of opinions.studies) sets.set(set, (sets.get(set) ?? 0) + 1);
  const patients = new Set(opinions.studies.map((study) => study.patient)).size;
  const rows: Cell[][] = [
    ['Studies given', included + opinions.excluded.length],
    ...[...reasons].map(([reason, count]): Cell[] => [`Excluded: ${reason}`, count]),
    ['Studies included', included],
    ['Patients included', patients],
    ...[...sets].map(([set, count]): Cell[] => [
      `Set ${set}${set === reportOn ? ' (reported here)' : ''}`,
      count,
    ]),
  ];
  const [odd, unlike, shared] = [
    contradictingReferences(opinions),
    subjectsUnlikeSlices(opinions),
    patientsInSets(opinions, reportOn),
  ];
  const notes = [
    ...opinions.notes,
    ...ratingSources(opinions).map(
      (name) =>
        `${name} gives few different probabilities, as ratings are: it is judged as a model. For a reader give decisions, 0 or 1.`,
    ),
    ...Object.entries(madeWith).map(
      ([model, data]) =>
        `${model}, by its card, was made with: ${data.join('; ')}. Whether a patient here is among these was not checked: figures on such patients do not hold for others.`,
    ),
    ...(opinions.sliceOfUnit.includes(0)
      ? []
      : ['Every row is of a slice: subjects, whose rows have no slice, are not judged.']),
    ...(odd.length > 0
      ? [
          `The reference names a subtype but no hemorrhage on ${odd.length} rows, first in study ${odd[0]}: such a study counts as without hemorrhage.`,
        ]
      : []),
    ...(unlike.length > 0
      ? [
          `The reference of ${unlike.length} subjects is without a hemorrhage that their slices have, first ${unlike[0]}: each level is judged by its own.`,
        ]
      : []),
    ...(shared > 0
      ? [`${shared} patients of set ${reportOn} are in another set too: what was chosen there has seen them.`]
      : []),
  ];
  return { id: 'flow', title: 'Flow of studies', columns: ['Step', 'Count'], rows, notes };
}

/** True where each text is a number. */
export function isNumeric(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => text !== '' && Number.isFinite(Number(text)));
}

/** Whole numbers of so few kinds, each met so often, are codes of categories: 1, 2 and 3 for three hospitals. */
const MOST_CODES = 6;
const FEWEST_EACH = 4;

/** Whether a covariate is counted by its texts: words, codes in whole numbers, or what the user says. */
function isCategory(name: string, texts: readonly string[], categorical: readonly string[] = []): boolean {
  if (categorical.includes(name) || !isNumeric(texts)) return true;
  const kinds = new Set(texts).size;
  const areWhole = texts.every((text) => Number.isInteger(Number(text)));
  return areWhole && kinds <= MOST_CODES && texts.length >= FEWEST_EACH * kinds;
}

/** The different texts, numbers among them by size: 2 before 10. */
export function levelsOf(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Covariates of the studies that a filter keeps: name to [study, text]. */
export function covariatesOf(opinions: Opinions, filter: StudyFilter): Map<string, [number, string][]> {
  const columns = new Map<string, [number, string][]>();
  opinions.studies.forEach((record, study) => {
    if (!filter(study)) return;
    for (const [name, text] of Object.entries(record.covariates)) {
      const column = columns.get(name) ?? [];
      column.push([study, text]);
      columns.set(name, column);
    }
  });
  return columns;
}

/** Beyond this many values a text is an identifier, not a group. */
const MOST_LEVELS = 12;

/** Means with deviations and ranges, counts, and tests of studies with and without hemorrhage (paper, Table 1). */
export function demographicsTable(
  opinions: Opinions,
  filter: StudyFilter,
  categorical: readonly string[] = [],
): Table {
  const { bleeding } = opinions;
  const given = opinions.studies.map((_, study) => study).filter(filter);
  const isLabelled = (study: number): boolean => bleeding[study] !== -1;
  const kept = given.filter(isLabelled);
  const bleeds = kept.filter((study) => bleeding[study] === 1).length;
  const columns = covariatesOf(opinions, (study) => filter(study) && isLabelled(study));
  const rows = [...columns].flatMap(([name, column]): Cell[][] => {
    const texts = column.map(([, text]) => text);
    const group = (kind: 0 | 1): string[] =>
      column.filter(([study]) => bleeding[study] === kind).map(([, text]) => text);
    const [without, having] = [group(0), group(1)];
    const head = texts.length === kept.length ? name : `${name} (known of ${texts.length})`;
    if (!isCategory(name, texts, categorical)) {
      const test = oneWayAnova([without.map(Number), having.map(Number)]);
      return [[head, summary(without), summary(having), isEmpty(test) ? test : pCell(test.p, ' (ANOVA)')]];
    }
    const levels = levelsOf(texts);
    if (levels.length > MOST_LEVELS) return [[head, manyValues(levels), '', '']];
    const count = (own: string[], level: string): number => own.filter((text) => text === level).length;
    const test = chiSquared(levels.map((level) => [count(without, level), count(having, level)]));
    return levels.map((level, k): Cell[] => [
      `${head}: ${level}`,
      count(without, level),
      count(having, level),
      k > 0
        ? ''
        : isEmpty(test)
          ? test
          : pCell(
              test.p,
              ` (\u03c7\u00b2${test.smallestExpected < 5 ? ', smallest expected count below 5' : ''})`,
            ),
    ]);
  });
  return {
    id: 'demographics',
    title: 'Studies without and with hemorrhage',
    columns: ['', 'Without hemorrhage', 'With hemorrhage', 'p'],
    rows: [['Studies', kept.length - bleeds, bleeds, ''], ...rows],
    notes: [
      ...(rows.length === 0 ? ['The input has no covariates (age, sex, scanner, ...).'] : []),
      ...(new Set(kept.map((study) => opinions.studies[study]?.patient)).size < kept.length
        ? ['The tests take studies as independent, and some patients have several.']
        : []),
      ...(kept.length < given.length
        ? [`${given.length - kept.length} studies are not labelled for any hemorrhage and not counted.`]
        : []),
    ],
  };
}

/** Numbers with a text among them are told, since the text is likely a number that is missing. */
function manyValues(levels: readonly string[]): string {
  const words = levels.filter((level) => !isNumeric([level]));
  const told = `${levels.length} different values`;
  if (words.length > levels.length / 2) return told;
  return `${told}, among numbers ${words.length} that are not numbers: ${words.slice(0, 3).join(', ')}`;
}

/** Two decimals at most: ages come as 0.0027397. */
const shown = (value: number): string => String(Number(value.toFixed(2)));

function summary(texts: string[]): Cell {
  const found = summarise(texts.map(Number));
  if (isEmpty(found)) return found;
  const deviation =
    typeof found.standardDeviation === 'number' ? found.standardDeviation.toFixed(2) : '\u2013';
  return `${found.mean.toFixed(2)} \u00b1 ${deviation} (${shown(found.least)}\u2013${shown(found.most)})`;
}

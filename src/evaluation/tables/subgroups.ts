import { at } from '../../base/index.ts';
import type { ForestRow } from '../../figures/index.ts';
import { type Estimate, isEmpty, type Measurement } from '../../statistics/index.ts';
import { judgeOn } from '../measures/judging.ts';
import { CLASS_NAMES } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { populationOf, readRows, type StudyFilter } from '../opinions/population.ts';
import type { EvaluationOptions } from '../options.ts';
import { covariatesOf, isNumeric, levelsOf } from './cohort-tables.ts';
import { classLabel } from './performance-tables.ts';
import { type Cell, cellText, type Table } from './table.ts';

interface Subgroup {
  readonly label: string;
  readonly holds: (study: number) => boolean;
  /** Only among studies with hemorrhage: sensitivity alone is defined. */
  readonly positivesOnly?: boolean;
}

/** How many values a text covariate may have to be a group. */
const MOST_LEVELS = 8;

/** Groups from the covariates (numbers cut at their thirds), from the count of subtypes and from each subtype. */
function subgroupsOf(opinions: Opinions, filter: StudyFilter): Subgroup[] {
  const fromCovariates = [...covariatesOf(opinions, filter)].flatMap(([name, column]): Subgroup[] => {
    const texts = column.map(([, text]) => text);
    const byStudy = new Map(column);
    const distinct = new Set(texts);
    if (distinct.size <= MOST_LEVELS && distinct.size > 1) {
      return levelsOf(texts).map((level) => ({
        label: `${name}: ${level}`,
        holds: (study) => byStudy.get(study) === level,
      }));
    }
    return isNumeric(texts) ? thirds(name, byStudy) : [];
  });
  return [...fromCovariates, ...bleedGroups(opinions)];
}

const isGrouped = (texts: readonly string[]): boolean =>
  isNumeric(texts) || new Set(texts).size <= MOST_LEVELS;

/** Covariates with so many texts that they make no groups. */
function ungroupedNote(opinions: Opinions, filter: StudyFilter): string[] {
  const columns = [...covariatesOf(opinions, filter)].map(([name, column]) => ({
    name,
    texts: column.map(([, text]) => text),
  }));
  const left = columns.filter(({ texts }) => !isGrouped(texts));
  if (left.length === 0) return [];
  return [
    `No groups by ${left.map(({ name }) => name).join(', ')}: more than ${MOST_LEVELS} different texts.`,
  ];
}

function thirds(name: string, byStudy: ReadonlyMap<number, string>): Subgroup[] {
  const sorted = [...byStudy.values()].map(Number).sort((a, b) => a - b);
  const cut = (share: number): number => at(sorted, Math.floor(share * sorted.length));
  const [low, high] = [cut(1 / 3), cut(2 / 3)];
  const within = (label: string, test: (value: number) => boolean): Subgroup => ({
    label: `${name} ${label}`,
    holds: (study) => byStudy.has(study) && test(Number(byStudy.get(study))),
  });
  return [
    within(`below ${low}`, (v) => v < low),
    within(`${low} to below ${high}`, (v) => v >= low && v < high),
    within(`${high} or more`, (v) => v >= high),
  ];
}

function bleedGroups(opinions: Opinions): Subgroup[] {
  const subtypes = CLASS_NAMES.filter((name) => name !== 'anyHemorrhage');
  const counts = new Uint8Array(opinions.studies.length);
  const has = new Map(subtypes.map((name) => [name, new Uint8Array(opinions.studies.length)]));
  const uncounted = new Set<number>();
  for (let unit = 0; unit < opinions.studyOfUnit.length; unit++) {
    if (opinions.sliceOfUnit[unit] !== 0) continue;
    const study = at(opinions.studyOfUnit, unit);
    for (const name of subtypes) {
      const known = opinions.references[name][unit];
      if (known === -1) uncounted.add(study);
      if (known !== 1) continue;
      counts[study]!++;
      has.get(name)![study] = 1;
    }
  }
  const hasSo = (test: (count: number) => boolean) => (study: number) =>
    !uncounted.has(study) && test(at(counts, study));
  return [
    { label: 'one subtype', holds: hasSo((count) => count === 1), positivesOnly: true },
    { label: 'two subtypes', holds: hasSo((count) => count === 2), positivesOnly: true },
    { label: 'three subtypes or more', holds: hasSo((count) => count >= 3), positivesOnly: true },
    ...subtypes.map((name) => ({
      label: `with ${classLabel(name).toLowerCase()}`,
      holds: (study: number) => has.get(name)?.[study] === 1,
      positivesOnly: true,
    })),
  ];
}

export interface SubgroupFindings {
  readonly table: Table;
  readonly sensitivityRows: readonly ForestRow[];
  readonly aucRows: readonly ForestRow[];
}

/** Any hemorrhage in subgroups, subject level: for finding differences, not for proving them. */
export function subgroupFindings(
  opinions: Opinions,
  model: string,
  options: EvaluationOptions,
  filter: StudyFilter,
): SubgroupFindings {
  const rows: Cell[][] = [];
  const sensitivityRows: ForestRow[] = [];
  const aucRows: ForestRow[] = [];
  const all: Subgroup = { label: 'all', holds: () => true };
  for (const group of [all, ...subgroupsOf(opinions, filter)]) {
    const kept = populationOf(
      opinions,
      'anyHemorrhage',
      'subject',
      (study) => filter(study) && group.holds(study),
    );
    const population = readRows(opinions, model, kept);
    if (population.units.length === 0) continue;
    const { measures, positives } = judgeOn(opinions, model, population, options);
    const ofPositives = (measure: Measurement | undefined): Measurement =>
      group.positivesOnly ? { empty: 'positives only' } : (measure ?? { empty: 'not computed' });
    const sensitivity: Measurement = measures.sensitivity ?? { empty: 'not computed' };
    const area = ofPositives(measures.auc);
    const count = population.units.length;
    rows.push([group.label, count, positives, sensitivity, ofPositives(measures.specificity), area]);
    if (drawable(sensitivity)) sensitivityRows.push(forestRow(group.label, positives, sensitivity));
    if (drawable(area)) aucRows.push(forestRow(group.label, count, area));
  }
  const table: Table = {
    id: 'subgroups',
    title: 'Any hemorrhage in subgroups, subject level',
    columns: ['Subgroup', 'Studies', 'Positive', 'Sensitivity', 'Specificity', 'AUC'],
    rows,
    notes: [
      "Where each patient of a group has one study, Wilson's intervals and DeLong's variance; else rates by resampled patients, AUC with Obuchowski's variance. Not corrected for the number of subgroups.",
      ...ungroupedNote(opinions, filter),
      'By the number of subtypes only studies of which every subtype is labelled.',
    ],
  };
  return { table, sensitivityRows, aucRows };
}

/** An empty measure, or one without an interval, is in the table only. */
function drawable(measurement: Measurement): measurement is Estimate {
  return !isEmpty(measurement) && Number.isFinite(measurement.low);
}

function forestRow(label: string, count: number, m: Estimate): ForestRow {
  return { label: `${label} (${count})`, estimate: m.value, low: m.low, high: m.high, text: cellText(m) };
}

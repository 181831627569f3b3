import type { ForestRow } from '../figures/index.ts';
import { confusionAt, delong, isEmpty, rankScores, rateRatio, wilson } from '../statistics/index.ts';
import { covariatesOf, isNumeric } from './cohort-tables.ts';
import { CLASS_NAMES } from './opinion-row.ts';
import type { Opinions } from './opinions.ts';
import { widthless } from './performance.ts';
import { classLabel } from './performance-tables.ts';
import { populationOf, readRows, type StudyFilter, valuesOn } from './population.ts';
import type { Cell, Table } from './table.ts';

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
      return [...distinct].sort().map((level) => ({
        label: `${name}: ${level}`,
        holds: (study) => byStudy.get(study) === level,
      }));
    }
    return isNumeric(texts) ? thirds(name, byStudy) : [];
  });
  return [...fromCovariates, ...bleedGroups(opinions)];
}

function thirds(name: string, byStudy: ReadonlyMap<number, string>): Subgroup[] {
  const sorted = [...byStudy.values()].map(Number).sort((a, b) => a - b);
  const cut = (share: number): number => sorted[Math.floor(share * sorted.length)] as number;
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
  for (let unit = 0; unit < opinions.studyOfUnit.length; unit++) {
    if (opinions.sliceOfUnit[unit] !== 0) continue;
    const study = opinions.studyOfUnit[unit] as number;
    for (const name of subtypes) {
      if (opinions.references[name][unit] !== 1) continue;
      counts[study]!++;
      has.get(name)![study] = 1;
    }
  }
  return [
    { label: 'one subtype', holds: (study) => counts[study] === 1, positivesOnly: true },
    { label: 'two subtypes', holds: (study) => counts[study] === 2, positivesOnly: true },
    { label: 'three subtypes or more', holds: (study) => (counts[study] ?? 0) >= 3, positivesOnly: true },
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
  threshold: number,
  filter: StudyFilter,
  confidence: number,
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
    const values = valuesOn(opinions, model, population);
    const ranked = rankScores(values, population.positive);
    const confusion = confusionAt(values, population.positive, threshold);
    const rate = (name: 'sensitivity' | 'specificity') => {
      const { of, among, why } = rateRatio(confusion, name);
      return among === 0 ? { empty: why } : wilson(of, among, confidence);
    };
    const sensitivity = rate('sensitivity');
    const area = group.positivesOnly ? { empty: 'positives only' } : widthless(delong(ranked, confidence));
    rows.push([
      group.label,
      population.units.length,
      ranked.positives,
      sensitivity,
      group.positivesOnly ? { empty: 'positives only' } : rate('specificity'),
      area,
    ]);
    if (!isEmpty(sensitivity)) sensitivityRows.push(forestRow(group.label, ranked.positives, sensitivity));
    if (!isEmpty(area) && Number.isFinite(area.low))
      aucRows.push(forestRow(group.label, population.units.length, area));
  }
  const table: Table = {
    id: 'subgroups',
    title: 'Any hemorrhage in subgroups, subject level',
    columns: ['Subgroup', 'Studies', 'Positive', 'Sensitivity', 'Specificity', 'AUC'],
    rows,
    notes: ["Wilson's and DeLong's intervals, not corrected for the number of subgroups."],
  };
  return { table, sensitivityRows, aucRows };
}

function forestRow(label: string, count: number, m: { value: number; low: number; high: number }): ForestRow {
  return { label: `${label} (${count})`, estimate: m.value, low: m.low, high: m.high };
}

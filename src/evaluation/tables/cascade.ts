import { at } from '../../base/index.ts';
import { judgeMany } from '../measures/judge-many.ts';
import { type Plan, taskOf } from '../measures/judging.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { type Population, type StudyFilter, wholePopulation } from '../opinions/population.ts';
import type { EvaluationOptions } from '../options.ts';
import { AMONG_BLEEDING, classLabel, type Judged, performanceTables } from './performance-tables.ts';
import type { Table } from './table.ts';

/**
 * The gated cascade, as users meet it: a subtype is called on any subject only where hemorrhage is called first (paper,
 * Fig. 1). A subject without hemorrhage by the reference has no subtype, whether or not a row says so.
 */
export async function cascadeTables(
  opinions: Opinions,
  model: string,
  options: EvaluationOptions,
  filter: StudyFilter,
): Promise<Table[]> {
  const subjects = wholePopulation(opinions, 'anyHemorrhage', 'subject', filter);
  const plans: Plan[] = [];
  const left: [string, { empty: string }][] = [];
  for (const className of CLASS_NAMES.filter((name) => name !== 'anyHemorrhage')) {
    if (opinions.opinion(model, className) === undefined || subjects.units.length === 0) continue;
    const found = planOf(opinions, model, className, subjects, options);
    if (typeof found === 'string') left.push([classLabel(className), { empty: found }]);
    else plans.push(found);
  }
  const performances = await judgeMany(plans.map((plan) => plan.task));
  const judged = plans.map(
    ({ task: { rows }, ...head }, k): Judged => ({ ...head, rows, performance: at(performances, k) }),
  );
  const tables = performanceTables(judged, 'subject').map((table) => ({
    ...table,
    id: `cascade-${table.id}`,
    title: `Cascade, all subjects: ${table.title.toLowerCase()}`,
    notes: table.notes.filter((note) => note !== AMONG_BLEEDING),
  }));
  return left.length === 0 ? tables : [...tables, leftOut(left)];
}

/** The calls of the cascade on all subjects, or why they are not known. */
function planOf(
  opinions: Opinions,
  model: string,
  className: ClassName,
  subjects: Population,
  options: EvaluationOptions,
): Plan | string {
  const [any, subtype] = [opinions.opinion(model, 'anyHemorrhage'), opinions.opinion(model, className)];
  const { bleeding } = opinions;
  const reference = (unit: number): number =>
    bleeding[at(opinions.studyOfUnit, unit)] === 1 ? at(opinions.references[className], unit) : 0;
  const called = (unit: number): number => {
    const first = any?.[unit] ?? Number.NaN;
    if (Number.isNaN(first) || first < options.threshold) return Number.isNaN(first) ? Number.NaN : 0;
    const second = subtype?.[unit] ?? Number.NaN;
    return Number.isNaN(second) ? Number.NaN : Number(second >= options.threshold);
  };
  const references = subjects.units.map(reference);
  const values = Float64Array.from(subjects.units, called);
  // an unsigned -1
  const unknown = references.filter((value) => value > 1).length;
  if (unknown > 0) return `${unknown} subjects with hemorrhage have no reference of this class`;
  const silent = values.filter(Number.isNaN).length;
  if (silent > 0) {
    return `on ${silent} subjects the model says nothing of this class although it calls hemorrhage, or nothing of hemorrhage`;
  }
  const population = { ...subjects, positive: Uint8Array.from(references) };
  return {
    source: `${model}, cascade`,
    className,
    level: 'subject',
    population: 'all subjects',
    decisionsOnly: true,
    calledFrom: options.threshold,
    task: taskOf(population, values, options, true),
  };
}

function leftOut(rows: Table['rows']): Table {
  return {
    id: 'cascade-left-out',
    title: 'Classes on which the cascade could not be judged',
    columns: ['Class', 'Why'],
    rows,
    notes: [],
  };
}

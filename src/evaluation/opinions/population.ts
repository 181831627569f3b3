import { at, RefusedInput } from '../../base/index.ts';
import type { ClassName } from './opinion-row.ts';
import type { Level, Opinions } from './opinions.ts';

/** Rows on which one class is judged. */
export interface Population {
  readonly className: ClassName;
  readonly level: Level;
  /** In words, for the tables' notes. */
  readonly description: string;
  /** Unit of each row. */
  readonly units: Uint32Array;
  /** 1 where the reference is positive. */
  readonly positive: Uint8Array;
  /** 0 .. patients - 1 of each row. */
  readonly patients: Uint32Array;
  readonly patientCount: number;
}

/** Which studies take part; all of them without it. */
export type StudyFilter = (study: number) => boolean;

/** Those of a set. */
export const inSet =
  ({ studies }: Opinions, set: string | undefined): StudyFilter =>
  (study) =>
    studies[study]?.set === set;

/**
 * The paper's populations: any hemorrhage on all subjects and slices; a subtype on the subjects whose reference has a
 * hemorrhage, and all their slices (paper, "Five-type classification task"; supplementary Table 2).
 */
export function populationOf(
  opinions: Opinions,
  className: ClassName,
  level: Level,
  filter: StudyFilter = () => true,
): Population {
  const bleeding = className === 'anyHemorrhage' ? undefined : opinions.bleeding;
  const kept = (study: number): boolean => filter(study) && (bleeding === undefined || bleeding[study] === 1);
  const who = level === 'subject' ? 'subjects' : 'slices of subjects';
  const description = bleeding ? `${who} with hemorrhage by the reference` : `all ${level}s`;
  return collect(opinions, className, level, kept, description);
}

/** All subjects, a subtype too: what a user of the cascade meets. */
export function wholePopulation(
  opinions: Opinions,
  className: ClassName,
  level: Level,
  filter: StudyFilter = () => true,
): Population {
  return collect(opinions, className, level, filter, `all ${level}s`);
}

/** The subjects or slices on which all of these have an opinion, the reference's own being of no matter. */
export function readByAll(
  opinions: Opinions,
  sources: readonly string[],
  className: ClassName,
  level: Level,
  filter: StudyFilter,
): Population {
  const all = collect(opinions, className, level, filter, `all ${level}s`, { withoutReference: true });
  return sources.reduce((left, source) => readRows(opinions, source, left), all);
}

function collect(
  opinions: Opinions,
  className: ClassName,
  level: Level,
  kept: StudyFilter,
  description: string,
  { withoutReference = false } = {},
): Population {
  const references = opinions.references[className];
  const units = new Uint32Array(references.length);
  let count = 0;
  for (let unit = 0; unit < references.length; unit++) {
    const isSubject = opinions.sliceOfUnit[unit] === 0;
    if (isSubject !== (level === 'subject')) continue;
    if (references[unit] === -1 && !withoutReference) continue;
    if (kept(at(opinions.studyOfUnit, unit))) units[count++] = unit;
  }
  const taken = units.slice(0, count);
  const patients = taken.map((unit) => at(opinions.patientOfStudy, at(opinions.studyOfUnit, unit)));
  const { cluster, count: patientCount } = renumber(patients, opinions.studies.length);
  const positive = new Uint8Array(count);
  for (let row = 0; row < count; row++) positive[row] = references[at(taken, row)] === 1 ? 1 : 0;
  return { className, level, description, units: taken, positive, patients: cluster, patientCount };
}

/** Numbers 0 .. without gaps. */
function renumber(patients: Uint32Array, most: number): { cluster: Uint32Array; count: number } {
  const numbers = new Int32Array(most).fill(-1);
  let count = 0;
  const cluster = patients.map((patient) => {
    if (numbers[patient] === -1) numbers[patient] = count++;
    return at(numbers, patient);
  });
  return { cluster, count };
}

/**
 * What a source says on each row of a population.
 * @throws RefusedInput `missing-row` where a row has none
 */
export function valuesOn(opinions: Opinions, source: string, population: Population): Float64Array {
  const all = opinions.opinion(source, population.className);
  const values = new Float64Array(population.units.length);
  let missing = 0;
  for (let row = 0; row < values.length; row++) {
    const value = all?.[at(population.units, row)] ?? Number.NaN;
    values[row] = value;
    if (Number.isNaN(value)) missing++;
  }
  if (missing > 0) {
    const unit = at(population.units, values.findIndex(Number.isNaN));
    const slice = opinions.sliceOfUnit[unit];
    const where = `${slice === 0 ? '' : `slice ${slice} of `}study ${opinions.studies[at(opinions.studyOfUnit, unit)]?.study}`;
    throw new RefusedInput(
      'missing-row',
      `${source} says nothing of ${population.className} on ${missing} of ${values.length} ${population.description}, first on ${where}: give all rows, or leave the class out`,
    );
  }
  return values;
}

/** True where a source says something of a class on a level, among these studies. */
export function speaksOf(opinions: Opinions, source: string, population: Population): boolean {
  const all = opinions.opinion(source, population.className);
  return all !== undefined && population.units.some((unit) => !Number.isNaN(all[unit]));
}

/** The rows of a population that a source has an opinion on. */
export function readRows(opinions: Opinions, source: string, population: Population): Population {
  const all = opinions.opinion(source, population.className);
  if (all === undefined) return pickRows(population, []);
  const rows = new Uint32Array(population.units.length);
  let count = 0;
  for (let row = 0; row < rows.length; row++) {
    if (!Number.isNaN(all[at(population.units, row)])) rows[count++] = row;
  }
  return count === rows.length ? population : pickRows(population, rows.subarray(0, count));
}

/** A population of some of the rows. */
export function pickRows(population: Population, rows: ArrayLike<number>): Population {
  const picked = Uint32Array.from(rows);
  const { cluster, count } = renumber(
    picked.map((row) => at(population.patients, row)),
    population.patientCount,
  );
  const positive = new Uint8Array(picked.length);
  for (let k = 0; k < picked.length; k++) positive[k] = at(population.positive, at(picked, k));
  return {
    ...population,
    units: picked.map((row) => at(population.units, row)),
    positive,
    patients: cluster,
    patientCount: count,
  };
}

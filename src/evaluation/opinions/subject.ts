import { at } from '../../base/index.ts';
import type { Level, Opinions } from './opinions.ts';
import type { Population } from './population.ts';

/**
 * Models that speak of slices only get a source of their own for subjects: the maximum over the slices, as the paper
 * takes it for its 2-D rivals (supplement 7: positive as soon as one slice is); where subjects are judged at all.
 */
export function withSliceMaxima(opinions: Opinions): Opinions {
  if (!opinions.sliceOfUnit.includes(0)) return opinions;
  const added = new Map<string, string>();
  for (const model of opinions.models) {
    if (!hasSubjectRows(opinions, model)) added.set(maximumName(model), model);
  }
  if (added.size === 0) return opinions;
  return {
    ...opinions,
    models: [...opinions.models, ...added.keys()],
    opinion: (source, className) => {
      const of = added.get(source);
      const values = opinions.opinion(of ?? source, className);
      return of === undefined || values === undefined ? values : maximaOf(opinions, values);
    },
  };
}

const maximumName = (model: string): string => `${model}, maximum over slices`;

/** Who speaks for a model of slices alone on subjects; undefined where it does so itself. */
export function sliceMaximum(opinions: Opinions, model: string): string | undefined {
  return opinions.models.find((name) => name === maximumName(model));
}

/** Who speaks for a model at a level: on slices a maximum over them is its own model. */
export function speakerAt(opinions: Opinions, model: string, level: Level): string {
  if (level === 'subject') return model;
  return opinions.models.find((name) => maximumName(name) === model) ?? model;
}

function hasSubjectRows(opinions: Opinions, model: string): boolean {
  return Object.keys(opinions.references).some((className) => {
    const values = opinions.opinion(model, className as keyof Opinions['references']);
    return values?.some((value, unit) => opinions.sliceOfUnit[unit] === 0 && !Number.isNaN(value)) ?? false;
  });
}

/** The largest slice value on each subject unit; NaN on slices and where a subject has no slices. */
function maximaOf(opinions: Opinions, values: Float64Array): Float64Array {
  const largest = new Float64Array(opinions.studies.length).fill(Number.NaN);
  for (let unit = 0; unit < values.length; unit++) {
    const study = at(opinions.studyOfUnit, unit);
    const value = at(values, unit);
    if (opinions.sliceOfUnit[unit] !== 0 && !(value <= at(largest, study)) && !Number.isNaN(value)) {
      largest[study] = value;
    }
  }
  return values.map((_, unit) =>
    opinions.sliceOfUnit[unit] === 0 ? at(largest, at(opinions.studyOfUnit, unit)) : Number.NaN,
  );
}

/** The name of a population's row, for case lists. */
export function studyOfRow(opinions: Opinions, population: Population, row: number): string {
  return opinions.studies[at(opinions.studyOfUnit, at(population.units, row))]?.study ?? '';
}

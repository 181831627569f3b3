import { at, RefusedInput } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { type Cohort, joinCohorts, type LabelledStudy } from './cohort.ts';
import type { ImportOptions } from './importer.ts';
import { readCohort } from './importers.ts';
import { labelledCohort } from './labelled-cohort.ts';
import { isStore, openStore, storeAttribution, storedScans } from './store/open-store.ts';
import { labelsOfMarks, type ScanRecord } from './store/scan-record.ts';

/** What a trainer takes, from a store or from a data set's own files. @throws as openStore and readCohort */
export async function trainingCohort(place: string, options: ImportOptions = {}): Promise<Cohort> {
  return (await isStore(place))
    ? await storedCohort(place)
    : labelledCohort(await readCohort(place, options));
}

/** Several places as one cohort; sources stay named. @throws as trainingCohort; `study-twice` */
export async function trainingCohorts(places: readonly string[]): Promise<Cohort> {
  const cohorts = await Promise.all(places.map((place) => trainingCohort(place)));
  return cohorts.length === 1
    ? at(cohorts, 0)
    : joinCohorts(cohorts.map(({ name }) => name).join(' + '), cohorts);
}

async function storedCohort(folder: string): Promise<Cohort> {
  const store = await openStore(folder);
  const records = await storedScans(folder);
  const studies = records.map((record, i) => storedStudy(record, async () => (await store.load(i)).hu));
  const name = [...new Set(studies.map(({ source }) => source))].join(' + ');
  return Object.freeze({ name, studies, attribution: await storeAttribution(folder) });
}

function storedStudy(record: ScanRecord, storedHu: () => Promise<Int16Array>): LabelledStudy {
  const { study, patient, source, labels } = record;
  const [patientSource = source, ...rest] = patient.split('/');
  return Object.freeze({
    source,
    patient: rest.join('/'),
    ...(patientSource !== source && { patientSource }),
    study: study.slice(source.length + 1),
    subject: labelsOfMarks(labels.subject),
    ...(labels.slices && { slices: labels.slices.map(labelsOfMarks) }),
    load: () => refuseOriginal(study),
    storedHu,
  });
}

/** A store does not keep the original slices. */
async function refuseOriginal(study: string): Promise<Volume> {
  const text = `${study}: a store holds slices of 256 x 256 alone; what crops the head reads the data set itself`;
  throw new RefusedInput('store-form', text);
}

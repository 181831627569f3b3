import type { Bundle } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { bundleSchema, type FhirBundle, readReport } from '../src/results/index.ts';
import { type ResultsCase, resultsOf } from './support/results-case.ts';

const bundleOf = async (series: ResultsCase = {}) => {
  const { files } = await resultsOf(series);
  const bundle = bundleSchema.parse(JSON.parse(new TextDecoder().decode(files['fhir.json'])));
  const report = readReport(files['report.dcm'] ?? new Uint8Array(), 'report.dcm');
  if (report === undefined) throw new Error('report.dcm is not a report of Ichor');
  return { bundle, report };
};

const observations = ({ entry }: FhirBundle) =>
  entry.flatMap(({ resource }) => (resource.resourceType === 'Observation' ? [resource] : []));

/** Every value under a key, at any depth. */
function valuesOf(key: string, within: unknown): unknown[] {
  if (typeof within !== 'object' || within === null) return [];
  return Object.entries(within).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(key, value),
  ]);
}

test('the probabilities are those of the report, and references lead into the bundle or to the study', async () => {
  const { bundle, report } = await bundleOf();
  // By the types of FHIR R4 that others keep
  const typed: Bundle = bundle;
  expect(typed.type).toBe('collection');
  const probabilities = observations(bundle).flatMap(({ valueQuantity }) => valueQuantity?.value ?? []);
  expect(probabilities).toEqual(report.findings.map(({ probability }) => probability));
  expect(probabilities[0]).toBe(0.8);
  const places = new Set(bundle.entry.map(({ fullUrl }) => fullUrl));
  expect(places.size).toBe(bundle.entry.length);
  const references = valuesOf('reference', bundle);
  expect(references.length).toBeGreaterThan(bundle.entry.length);
  for (const reference of references) expect(places).toContain(reference);
  for (const study of [...valuesOf('partOf', bundle), ...valuesOf('imagingStudy', bundle)])
    expect(study).toEqual([
      { type: 'ImagingStudy', identifier: { system: 'urn:dicom:uid', value: 'urn:oid:1.2.826.0.1.1' } },
    ]);
});

test('the patient appears by identifier only', async () => {
  const { bundle } = await bundleOf();
  expect(JSON.stringify(bundle)).not.toMatch(/Secret|1950/);
  for (const subject of valuesOf('subject', bundle))
    expect(subject).toEqual({ type: 'Patient', identifier: { value: 'SECRET-ID' } });
  const { bundle: nameless } = await bundleOf({ attributes: { PatientID: '' } });
  expect(valuesOf('subject', nameless)).toEqual([]);
});

test('a finding is a value only where it is present', async () => {
  const { bundle } = await bundleOf({ subject: 0.2 });
  const [group, presence] = observations(bundle);
  expect(group?.valueCodeableConcept).toBeUndefined();
  expect(group?.note?.map(({ text }) => text).join()).toContain('slices reach it by themselves');
  expect(presence?.valueCodeableConcept?.coding[0]).toMatchObject({ display: 'Undetermined' });
  const { bundle: positive } = await bundleOf();
  expect(observations(positive)[0]?.valueCodeableConcept?.coding[0]?.code).toBe('1386000');
});

/**
 * One prediction as DICOM objects that an archive stores. Bytes; nothing is written here.
 *
 *     const { files, refused } = resultObjects({ study, findings, prediction, keyImages, madeAt: new Date() });
 */

// Reading a report of ours back

export { describeResult } from './describe-result.ts';
export type { CodedConcept, ReadFinding, ReadReference, ReadReport } from './read-report.ts';
export { readReport, reportIn } from './read-report.ts';

// FHIR R4

export { fhirBundle } from './fhir-bundle.ts';
export type { FhirBundle } from './fhir-schema.ts';
export { bundleSchema } from './fhir-schema.ts';

// The codes, each with its source

export type { Code, CodedFinding } from './codes.ts';
export { CODED_FINDINGS, CODES } from './codes.ts';

// What is made

export type { NotAnalysed, RefusalParts } from './refusal-report.ts';
export type { DrawnSlice, ResultParts } from './result-input.ts';
export type { RefusedObject, ResultObjects } from './result-objects.ts';
export { refusalObjects, resultObjects } from './result-objects.ts';
export { CAPTURE_SIDE_PX } from './secondary-captures.ts';

/**
 * One prediction as DICOM objects that an archive stores. Bytes; nothing is written here.
 *
 *     const { files, refused } = resultObjects({ study, findings, prediction, keyImages, madeAt: new Date() });
 */

// The codes, each with its source
export type { Code, CodedFinding } from './codes.ts';
export { CODED_FINDINGS, CODES } from './codes.ts';
export type { DrawnSlice, ResultParts } from './result-input.ts';
export type { RefusedObject, ResultObjects } from './result-objects.ts';
export { resultObjects } from './result-objects.ts';
export { CAPTURE_SIDE_PX } from './secondary-captures.ts';

import { CODES } from './codes.ts';
import { type ContentItem, codeValue, container, image, uidValue } from './content-items.ts';
import { type Beside, measurementGroups } from './measurement-group.ts';
import { reportDocument, type StructuredReport } from './report-document.ts';
import { imageReference, type ResultInput } from './result-input.ts';
import type { ObjectIdentity } from './uids.ts';

/** What was found in a study, as a DICOM file. Throws IchorError where the source cannot be carried on. */
export function structuredReport(input: ResultInput, beside: Beside): StructuredReport {
  const content = [imageLibrary(input), container(CODES.measurements, measurementGroups(input, beside))];
  const made = [beside.segmentation, ...beside.captures].flatMap((one) => one?.identity ?? []);
  return reportDocument(input, content, [...slicesRead(input), ...made]);
}

function slicesRead({ study, studyInstanceUid }: ResultInput): ObjectIdentity[] {
  const { seriesInstanceUid = '', sopClassUid = '' } = study.series;
  return study.slices.map(({ sopInstanceUid = '' }) => ({
    studyInstanceUid,
    seriesInstanceUid,
    sopClassUid,
    sopInstanceUid,
  }));
}

/** The slices that were read (TID 1600). */
function imageLibrary(input: ResultInput): ContentItem {
  const { study } = input;
  const { frameOfReferenceUid } = study.series;
  const group = container(CODES.imageLibraryGroup, [
    codeValue('HAS ACQ CONTEXT', CODES.modality, CODES.ct),
    ...(frameOfReferenceUid === undefined
      ? []
      : [uidValue('HAS ACQ CONTEXT', CODES.frameOfReference, frameOfReferenceUid)]),
    ...study.slices.map((_, slice) => image(undefined, imageReference(input, slice))),
  ]);
  return container(CODES.imageLibrary, [group]);
}

import { type WritableAttributes, writeDicomObject } from '../dicom/index.ts';
import { CODES, codeItem } from './codes.ts';
import { type ContentItem, codeValue, textValue, uidValue } from './content-items.ts';
import {
  ascii,
  COMPREHENSIVE_3D_SR,
  commonAttributes,
  identityOf,
  madeOn,
  type ObjectSource,
} from './result-input.ts';
import { type ObjectIdentity, uidOf } from './uids.ts';

export interface StructuredReport {
  readonly identity: ObjectIdentity;
  readonly bytes: Uint8Array;
}

/** A report by TID 1500 with the device as its observer, around what it says and the objects that it refers to. */
export function reportDocument(
  source: ObjectSource,
  content: readonly ContentItem[],
  evidence: readonly ObjectIdentity[],
): StructuredReport {
  const identity = identityOf(source, 'report', COMPREHENSIVE_3D_SR);
  const { date, time } = madeOn(source);
  const attributes: WritableAttributes = {
    ...commonAttributes(source, 'report', identity),
    ReferencedPerformedProcedureStepSequence: [],
    CompletionFlag: 'COMPLETE',
    CompletionFlagDescription: 'Research use only. Not for diagnostic use.',
    VerificationFlag: 'UNVERIFIED',
    PreliminaryFlag: 'PRELIMINARY',
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: evidence.length > 0 ? hierarchy(evidence) : undefined,
    PredecessorDocumentsSequence: source.predecessor && hierarchy([source.predecessor]),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(CODES.report)],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: [
      codeValue('HAS CONCEPT MOD', CODES.language, CODES.english),
      ...observer(source),
      codeValue('HAS CONCEPT MOD', CODES.procedureReported, CODES.imagingProcedure),
      ...content,
    ],
  };
  return { identity, bytes: writeDicomObject({ attributes }) };
}

/** Objects under their series under their studies, each once (PS3.3 table C.17-3, Hierarchical SOP Instance Reference). */
function hierarchy(objects: readonly ObjectIdentity[]): WritableAttributes[] {
  const once = [...new Map(objects.map((one) => [one.sopInstanceUid, one])).values()];
  return [...Map.groupBy(once, (one) => one.studyInstanceUid)].map(([study, inStudy]) => ({
    StudyInstanceUID: study,
    ReferencedSeriesSequence: [...Map.groupBy(inStudy, (one) => one.seriesInstanceUid)].map(
      ([series, inSeries]) => ({
        SeriesInstanceUID: series,
        ReferencedSOPSequence: inSeries.map(objectReference),
      }),
    ),
  }));
}

export const objectReference = ({ sopClassUid, sopInstanceUid }: ObjectIdentity): WritableAttributes => ({
  ReferencedSOPClassUID: sopClassUid,
  ReferencedSOPInstanceUID: sopInstanceUid,
});

/** The device as the observer (TID 1002, 1004). */
const observer = ({ model, software }: ObjectSource): ContentItem[] => [
  codeValue('HAS OBS CONTEXT', CODES.observerType, CODES.device),
  uidValue('HAS OBS CONTEXT', CODES.deviceUid, uidOf('device', model.sha256, software.version)),
  textValue('HAS OBS CONTEXT', CODES.deviceName, `Ichor ${software.version}`),
  textValue('HAS OBS CONTEXT', CODES.deviceManufacturer, 'Ichor'),
  textValue('HAS OBS CONTEXT', CODES.deviceModel, ascii(model.name)),
];

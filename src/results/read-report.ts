import { type DicomAttributes, readDicomObject, utcOffsetMinutes } from '../dicom/index.ts';
import { CODES, type Code } from './codes.ts';
import type { ObjectIdentity } from './uids.ts';

export type CodedConcept = Pick<Code, 'value' | 'scheme' | 'meaning'>;

/** An object that a report refers to; a frame of it, or a segment. */
export interface ReadReference {
  readonly purpose: CodedConcept | undefined;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly frame?: number;
  readonly segment?: number;
}

/** One finding as the report says it. */
export interface ReadFinding {
  readonly trackingIdentifier: string;
  readonly trackingUid: string;
  readonly finding: CodedConcept;
  readonly site: CodedConcept;
  readonly presence: CodedConcept;
  readonly probability: number;
  readonly algorithm: {
    readonly name: string;
    readonly version: string;
    readonly parameters: readonly string[];
  };
  readonly references: readonly ReadReference[];
  readonly comments: readonly string[];
}

/** What Ichor reads back from a structured report of its own. */
export interface ReadReport {
  readonly identity: ObjectIdentity;
  readonly madeAt: Date;
  readonly predecessor?: ObjectIdentity;
  readonly device: {
    readonly uid: string;
    readonly name: string;
    readonly manufacturer: string;
    readonly model: string;
    readonly version: string;
  };
  /** The slices that were read. */
  readonly images: readonly ReadReference[];
  readonly findings: readonly ReadFinding[];
  /** Of a study that could not be analysed. */
  readonly refusal?: { readonly status: CodedConcept; readonly comments: readonly string[] };
}

/** Undefined for another kind of object. Throws what readDicomObject throws. */
export const readReport = (bytes: Uint8Array, where: string): ReadReport | undefined =>
  reportIn(readDicomObject(bytes, { where }));

/** As readReport, of an object that was read already. */
export function reportIn(object: DicomAttributes): ReadReport | undefined {
  const root = contentOf(object);
  if (codeOf(object, 'ConceptNameCodeSequence')?.value !== CODES.report.value) return undefined;
  if (object.text('Manufacturer') !== 'Ichor') return undefined;
  const predecessor = identitiesOf(object, 'PredecessorDocumentsSequence')[0];
  const library = root.inside(CODES.imageLibrary).inside(CODES.imageLibraryGroup);
  const evaluations = root.inside(CODES.qualitativeEvaluations);
  const status = evaluations.code(CODES.processingSummary);
  return {
    identity: {
      studyInstanceUid: object.text('StudyInstanceUID') ?? '',
      seriesInstanceUid: object.text('SeriesInstanceUID') ?? '',
      sopClassUid: object.text('SOPClassUID') ?? '',
      sopInstanceUid: object.text('SOPInstanceUID') ?? '',
    },
    madeAt: momentOf(object),
    ...(predecessor && { predecessor }),
    device: {
      uid: root.uid(CODES.deviceUid),
      name: root.text(CODES.deviceName),
      manufacturer: root.text(CODES.deviceManufacturer),
      model: root.text(CODES.deviceModel),
      version: object.text('SoftwareVersions') ?? '',
    },
    images: library.references(),
    findings: root.inside(CODES.measurements).all(CODES.measurementGroup).map(findingOf),
    ...(status && { refusal: { status, comments: evaluations.texts(CODES.comment) } }),
  };
}

function findingOf(group: Content): ReadFinding {
  return {
    trackingIdentifier: group.text(CODES.trackingIdentifier),
    trackingUid: group.uid(CODES.trackingUid),
    finding: group.code(CODES.finding) ?? NO_CODE,
    site: group.code(CODES.findingSite) ?? NO_CODE,
    presence: group.code(CODES.presence) ?? NO_CODE,
    probability: group.number(CODES.probability),
    algorithm: {
      name: group.text(CODES.algorithmName),
      version: group.text(CODES.algorithmVersion),
      parameters: group.texts(CODES.algorithmParameters),
    },
    references: group.references(),
    comments: group.texts(CODES.comment),
  };
}

const NO_CODE: CodedConcept = { value: '', scheme: '', meaning: '' };

/** The items of one container, asked by their concept. */
interface Content {
  text(concept: Code): string;
  texts(concept: Code): readonly string[];
  uid(concept: Code): string;
  number(concept: Code): number;
  code(concept: Code): CodedConcept | undefined;
  inside(concept: Code): Content;
  all(concept: Code): readonly Content[];
  references(): readonly ReadReference[];
}

function contentOf(holder: DicomAttributes | undefined): Content {
  const items = holder?.items('ContentSequence') ?? [];
  const byName = Map.groupBy(items, (item) => nameOf(codeOf(item, 'ConceptNameCodeSequence')));
  const named = (concept: Code) => byName.get(nameOf(concept)) ?? [];
  const texts = (concept: Code) => named(concept).map((item) => item.text('TextValue') ?? '');
  return {
    texts,
    text: (concept) => texts(concept)[0] ?? '',
    uid: (concept) => named(concept)[0]?.text('UID') ?? '',
    number: (concept) =>
      named(concept)[0]?.items('MeasuredValueSequence')[0]?.number('NumericValue') ?? Number.NaN,
    code: (concept) => codeOf(named(concept)[0], 'ConceptCodeSequence'),
    inside: (concept) => contentOf(named(concept)[0]),
    all: (concept) => named(concept).map(contentOf),
    references: () => items.filter((item) => item.text('ValueType') === 'IMAGE').map(referenceOf),
  };
}

const nameOf = (code: Pick<Code, 'value' | 'scheme'> | undefined): string => `${code?.scheme} ${code?.value}`;

function codeOf(item: DicomAttributes | undefined, keyword: string): CodedConcept | undefined {
  const code = item?.items(keyword)[0];
  return (
    code && {
      value: code.text('CodeValue') ?? '',
      scheme: code.text('CodingSchemeDesignator') ?? '',
      meaning: code.text('CodeMeaning') ?? '',
    }
  );
}

function referenceOf(item: DicomAttributes): ReadReference {
  const [object] = item.items('ReferencedSOPSequence');
  const frame = object?.number('ReferencedFrameNumber');
  const segment = object?.number('ReferencedSegmentNumber');
  return {
    purpose: codeOf(item, 'ConceptNameCodeSequence'),
    sopClassUid: object?.text('ReferencedSOPClassUID') ?? '',
    sopInstanceUid: object?.text('ReferencedSOPInstanceUID') ?? '',
    ...(frame !== undefined && { frame }),
    ...(segment !== undefined && { segment }),
  };
}

function identitiesOf(object: DicomAttributes, keyword: string): ObjectIdentity[] {
  return object.items(keyword).flatMap((study) =>
    study.items('ReferencedSeriesSequence').flatMap((series) =>
      series.items('ReferencedSOPSequence').map((one) => ({
        studyInstanceUid: study.text('StudyInstanceUID') ?? '',
        seriesInstanceUid: series.text('SeriesInstanceUID') ?? '',
        sopClassUid: one.text('ReferencedSOPClassUID') ?? '',
        sopInstanceUid: one.text('ReferencedSOPInstanceUID') ?? '',
      })),
    ),
  );
}

/** In the time zone that the object says, else in the machine's own. */
function momentOf(object: DicomAttributes): Date {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(object.text('ContentDate') ?? '') ?? [];
  const [, hour, minute, second] = /^(\d{2})(\d{2})(\d{2})/.exec(object.text('ContentTime') ?? '') ?? [];
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ahead = utcOffsetMinutes(object.text('TimezoneOffsetFromUTC') ?? '');
  return ahead === undefined ? new Date(written) : new Date(Date.parse(`${written}Z`) - 60_000 * ahead);
}

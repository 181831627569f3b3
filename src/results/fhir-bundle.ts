import { type DicomObject, readDicomObject, readIdentity } from '../dicom/index.ts';
import { CODES } from './codes.ts';
import { bundleSchema, type FhirBundle, type FhirEntry, type FhirObservation } from './fhir-schema.ts';
import { conceptOf, entryUrl, systemOf, uidIdentifier } from './fhir-values.ts';
import { type CodedConcept, type ReadFinding, type ReadReport, reportIn } from './read-report.ts';

type Observed = Pick<FhirObservation, 'code'> & Partial<FhirObservation>;

/**
 * A report of ours as FHIR R4, by the mapping of HL7's dicom-sr guide (read in its state of 2026-05-06): from the DICOM
 * object, so that the two cannot disagree. The patient is in it by identifier only.
 */
export function fhirBundle(reportBytes: Uint8Array): FhirBundle {
  const object = readDicomObject(reportBytes, { where: 'report.dcm' });
  const report = reportIn(object);
  if (report === undefined) throw new TypeError('not a report of ours');
  const shared = sharedParts(report, subjectOf(object));
  const observations = report.refusal
    ? [refusalEntry(report, shared)]
    : report.findings.flatMap((finding) => findingEntries(report, finding, shared));
  const groups = observations.filter(({ group }) => group).map(({ fullUrl }) => ({ reference: fullUrl }));
  return bundleSchema.parse({
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: report.madeAt.toISOString(),
    entry: [
      reportEntry(report, shared, groups),
      deviceEntry(report),
      ...observations.map(({ fullUrl, resource }) => ({ fullUrl, resource })),
    ],
  });
}

/** fhir.json: the same report gives the same bytes. */
export const fhirJson = (bundle: FhirBundle): string => `${JSON.stringify(bundle, undefined, 2)}\n`;

function subjectOf(object: DicomObject) {
  const { patientId } = readIdentity(object);
  const issuer = object.text('IssuerOfPatientID');
  if (patientId === undefined) return undefined;
  const identifier = { value: patientId, ...(issuer !== undefined && { assigner: { display: issuer } }) };
  return { type: 'Patient' as const, identifier };
}

/** Of every observation and the report. */
function sharedParts({ madeAt }: ReadReport, subject: ReturnType<typeof subjectOf>) {
  return { status: 'preliminary' as const, issued: madeAt.toISOString(), ...(subject && { subject }) };
}
type Shared = ReturnType<typeof sharedParts>;

const studyOf = ({ identity }: ReadReport) => ({
  type: 'ImagingStudy' as const,
  identifier: uidIdentifier(identity.studyInstanceUid),
});
const deviceUrl = ({ identity, device }: ReadReport) => entryUrl(identity.sopInstanceUid, device.uid);

function reportEntry(
  report: ReadReport,
  shared: Shared,
  result: { readonly reference: string }[],
): FhirEntry {
  const { identity } = report;
  return {
    fullUrl: entryUrl(identity.sopInstanceUid, 'report'),
    resource: {
      resourceType: 'DiagnosticReport',
      identifier: [uidIdentifier(identity.sopInstanceUid)],
      ...shared,
      code: conceptOf(CODES.report),
      imagingStudy: [studyOf(report)],
      result,
      conclusion: conclusionOf(report).join(' '),
    },
  };
}

const conclusionOf = ({ findings, refusal }: ReadReport): readonly string[] =>
  refusal?.comments ?? findings.flatMap(({ comments }) => comments);

/** The algorithm of TID 4019 and the equipment, which are one program. */
function deviceEntry(report: ReadReport): FhirEntry {
  const { device, findings } = report;
  const parameters = findings[0]?.algorithm.parameters ?? [];
  return {
    fullUrl: deviceUrl(report),
    resource: {
      resourceType: 'Device',
      identifier: [uidIdentifier(device.uid)],
      manufacturer: device.manufacturer,
      deviceName: [
        { name: device.name, type: 'user-friendly-name' },
        { name: device.model, type: 'model-name' },
      ],
      version: [{ value: device.version }],
      note: parameters.map((text) => ({ text })),
    },
  };
}

interface ObservationEntry extends FhirEntry {
  /** Of the report itself, not of another observation. */
  readonly group: boolean;
}

function entry(report: ReadReport, fullUrl: string, shared: Shared, observed: Observed): FhirEntry {
  const device = { reference: deviceUrl(report) };
  return {
    fullUrl,
    resource: { resourceType: 'Observation', ...shared, partOf: [studyOf(report)], device, ...observed },
  };
}

/** A measurement group with its qualitative evaluation and its measurement. */
function findingEntries(report: ReadReport, finding: ReadFinding, shared: Shared): ObservationEntry[] {
  const { identity } = report;
  const { trackingUid, trackingIdentifier, probability, presence } = finding;
  const url = (part: string) => entryUrl(identity.sopInstanceUid, trackingUid, part);
  const bodySite = conceptOf(finding.site);
  const isPresent = presence.value === CODES.present.value;
  const group = entry(report, url('group'), shared, {
    identifier: [{ type: { text: 'Tracking UID' }, ...uidIdentifier(trackingUid) }],
    code: conceptOf(CODES.measurementGroup, trackingIdentifier),
    bodySite,
    // The finding is a value only where it was made: nobody is to read it of one that is absent
    ...(isPresent && { valueCodeableConcept: conceptOf(finding.finding) }),
    ...notesOf(finding.comments),
    hasMember: [{ reference: url('presence') }, { reference: url('probability') }],
  });
  const evaluation = evaluated(CODES.presence, presence, `Presence: ${trackingIdentifier}`);
  const measured = {
    code: conceptOf(CODES.probability, `Probability: ${trackingIdentifier}`),
    bodySite,
    valueQuantity: {
      value: probability,
      unit: CODES.noUnits.meaning,
      system: systemOf(CODES.noUnits.scheme),
      code: CODES.noUnits.value,
    },
  };
  return [
    { ...group, group: true },
    { ...entry(report, url('presence'), shared, { ...evaluation, bodySite }), group: false },
    { ...entry(report, url('probability'), shared, measured), group: false },
  ];
}

const evaluated = (name: CodedConcept, value: CodedConcept, text?: string): Observed => ({
  category: [conceptOf(CODES.qualitativeEvaluations)],
  code: conceptOf(name, text),
  valueCodeableConcept: conceptOf(value),
});

const notesOf = (comments: readonly string[]) =>
  comments.length > 0 ? { note: comments.map((text) => ({ text })) } : {};

/** That the study was not analysed, and why. */
function refusalEntry(report: ReadReport, shared: Shared): ObservationEntry {
  const { status = CODES.notAnalysed, comments = [] } = report.refusal ?? {};
  const url = entryUrl(report.identity.sopInstanceUid, 'refusal');
  const observed = { ...evaluated(CODES.processingSummary, status), ...notesOf(comments) };
  return { ...entry(report, url, shared, observed), group: true };
}

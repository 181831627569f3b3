import { RefusedInput } from '../base/index.ts';
import { type DicomAttributes, isDicom, readDicomObject } from '../dicom/index.ts';
import { bundleSchema } from './fhir-schema.ts';
import { PARAMETRIC_MAP_STORAGE } from './parametric-maps.ts';
import { type ReadFinding, type ReadReference, type ReadReport, readReport } from './read-report.ts';
import { COMPREHENSIVE_3D_SR } from './result-input.ts';
import { SECONDARY_CAPTURE } from './secondary-captures.ts';
import { SEGMENTATION_STORAGE } from './segmentation.ts';

/**
 * What Ichor reads back from a result of its own, in lines: probabilities, codes, references; nobody's identity. Throws
 * RefusedInput `not-a-result` for other files, and what readDicomObject throws.
 */
export function describeResult(bytes: Uint8Array, where: string): string[] {
  return isDicom(bytes) ? dicomLines(bytes, where) : fhirLines(bytes, where);
}

const refused = (where: string, found: string) =>
  new RefusedInput(
    'not-a-result',
    `${where} is ${found}, expected a DICOM object or the fhir.json that Ichor wrote with predict --dicom`,
  );

function dicomLines(bytes: Uint8Array, where: string): string[] {
  const object = readDicomObject(bytes, { where });
  const kind = KINDS[object.text('SOPClassUID') ?? ''];
  if (kind === undefined || object.text('Manufacturer') !== 'Ichor')
    throw refused(where, 'a DICOM object of another maker');
  return [
    `${kind.title}, ${object.text('SOPInstanceUID')}`,
    `  study ${object.text('StudyInstanceUID')}`,
    `  series ${object.text('SeriesInstanceUID')}`,
    `  made ${object.text('ContentDate')} ${object.text('ContentTime')} by Ichor ${object.text('SoftwareVersions')}, model ${object.text('ManufacturerModelName')}`,
    ...kind.lines(object, bytes, where).map((line) => `  ${line}`),
  ];
}

interface Kind {
  readonly title: string;
  readonly lines: (object: DicomAttributes, bytes: Uint8Array, where: string) => string[];
}

/** By SOP class. */
const KINDS: Readonly<Record<string, Kind>> = {
  [COMPREHENSIVE_3D_SR]: {
    title: 'Structured report',
    lines: (_, bytes, where) => {
      const report = readReport(bytes, where);
      if (report === undefined) throw refused(where, 'a structured report of another kind');
      return reportLines(report);
    },
  },
  [SEGMENTATION_STORAGE]: { title: 'Segmentation', lines: segmentationLines },
  [SECONDARY_CAPTURE]: {
    title: 'Key image',
    lines: (object) => [object.text('DerivationDescription') ?? '', ...sourcesOf(object)],
  },
  [PARAMETRIC_MAP_STORAGE]: {
    title: 'Parametric map',
    lines: (object) => [object.text('ContentDescription') ?? '', ...frameLines(object)],
  },
};

function reportLines({ predecessor, images, findings, refusal }: ReadReport): string[] {
  return [
    ...(predecessor === undefined ? [] : [`predecessor ${predecessor.sopInstanceUid}`]),
    ...(refusal === undefined ? [`${images.length} slices or frames read`] : []),
    ...(refusal?.comments ?? []),
    ...findings.flatMap(findingLines),
  ];
}

const coded = ({ value, scheme, meaning }: ReadFinding['finding']) => `${meaning} (${value}, ${scheme})`;

function findingLines(one: ReadFinding): string[] {
  const { trackingIdentifier, trackingUid, probability, presence, finding, site, algorithm } = one;
  return [
    `${trackingIdentifier}: ${probability}, ${coded(presence)}`,
    ...[
      `finding ${coded(finding)}, site ${coded(site)}`,
      `tracking UID ${trackingUid}`,
      `algorithm ${algorithm.name} ${algorithm.version}; ${algorithm.parameters.join('; ')}`,
      ...one.comments,
      ...one.references.map(referenceLine),
    ].map((line) => `  ${line}`),
  ];
}

function referenceLine({ purpose, sopInstanceUid, frame, segment }: ReadReference): string {
  const part = [frame && `, frame ${frame}`, segment && `, segment ${segment}`].filter(Boolean).join('');
  return `${purpose?.meaning ?? 'image'} ${sopInstanceUid}${part}`;
}

function segmentationLines(object: DicomAttributes): string[] {
  const segments = object
    .items('SegmentSequence')
    .map(
      (one) =>
        `segment ${one.number('SegmentNumber')}: ${one.text('SegmentLabel')}. ${one.text('SegmentDescription')}`,
    );
  return [...segments, ...frameLines(object)];
}

const frameLines = (object: DicomAttributes): string[] =>
  object.items('PerFrameFunctionalGroupsSequence').flatMap((frame, i) => {
    const segment = frame.items('SegmentIdentificationSequence')[0]?.number('ReferencedSegmentNumber');
    const position = frame.items('PlanePositionSequence')[0]?.numbers('ImagePositionPatient') ?? [];
    const of = segment === undefined ? '' : `, segment ${segment}`;
    const sources = frame.items('DerivationImageSequence').flatMap(sourcesOf);
    return [`frame ${i + 1}${of} at ${position.join(', ')} mm`, ...sources.map((line) => `  ${line}`)];
  });

const sourcesOf = (holder: DicomAttributes): string[] =>
  holder.items('SourceImageSequence').map((one) => {
    const frame = one.number('ReferencedFrameNumber');
    return `made from ${one.text('ReferencedSOPInstanceUID')}${frame === undefined ? '' : `, frame ${frame}`}`;
  });

function fhirLines(bytes: Uint8Array, where: string): string[] {
  const bundle = bundleSchema.safeParse(jsonOf(bytes));
  if (!bundle.success) throw refused(where, 'another file');
  return bundle.data.entry.flatMap(({ fullUrl, resource }) => {
    if (resource.resourceType === 'Device')
      return [`Device ${fullUrl}`, ...resource.deviceName.map(({ name }) => `  ${name}`)];
    if (resource.resourceType === 'DiagnosticReport')
      return [`DiagnosticReport ${fullUrl}`, `  ${resource.issued}`, `  ${resource.conclusion}`];
    const { code, valueQuantity, valueCodeableConcept, hasMember = [] } = resource;
    const value = valueQuantity?.value ?? valueCodeableConcept?.coding[0]?.display ?? 'no value';
    const [coding] = code.coding;
    return [
      `Observation ${fullUrl}`,
      `  ${code.text ?? coding?.display} (${coding?.code}): ${value}`,
      ...hasMember.map(({ reference }) => `  member ${reference}`),
    ];
  });
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

import { HEMORRHAGE_CLASSES, type HemorrhageName } from '../base/index.ts';
import { type WritableAttributes, writeDicomObject } from '../dicom/index.ts';
import { CODED_FINDINGS, CODES, type Code, codeItem } from './codes.ts';
import {
  type ContentItem,
  codeValue,
  container,
  image,
  number,
  textValue,
  uidValue,
} from './content-items.ts';
import { ascii, commonAttributes, dateAndTime, imageReference, type ResultInput } from './result-input.ts';
import { uidOf } from './uids.ts';

const COMPREHENSIVE_3D_SR = '1.2.840.10008.5.1.4.1.1.88.34';
/** So many key slices a finding refers to. */
const KEY_SLICES = 6;

/** The structured report by TID 1500 as a DICOM file. Throws IchorError where the source cannot be carried on. */
export function structuredReport(input: ResultInput): Uint8Array {
  const { date, time } = dateAndTime(input.madeAt);
  const attributes: WritableAttributes = {
    ...commonAttributes(input, 'report', COMPREHENSIVE_3D_SR),
    ReferencedPerformedProcedureStepSequence: [],
    CompletionFlag: 'COMPLETE',
    CompletionFlagDescription: 'Research use only. Not for diagnostic use.',
    VerificationFlag: 'UNVERIFIED',
    PreliminaryFlag: 'PRELIMINARY',
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [evidence(input)],
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(CODES.report)],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: [
      codeValue('HAS CONCEPT MOD', CODES.language, CODES.english),
      ...observer(input),
      codeValue('HAS CONCEPT MOD', CODES.procedureReported, CODES.imagingProcedure),
      imageLibrary(input),
      container(CODES.measurements, groups(input)),
    ],
  };
  return writeDicomObject({ attributes });
}

/** The slices that were read, each instance once. */
function evidence({ study }: ResultInput): WritableAttributes {
  const uids = new Set(study.slices.map(({ sopInstanceUid }) => sopInstanceUid ?? ''));
  return {
    StudyInstanceUID: study.study.studyInstanceUid,
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: study.series.seriesInstanceUid,
        ReferencedSOPSequence: [...uids].map((uid) => ({
          ReferencedSOPClassUID: study.series.sopClassUid,
          ReferencedSOPInstanceUID: uid,
        })),
      },
    ],
  };
}

/** The device as the observer (TID 1002, 1004). */
const observer = ({ prediction: { model, software } }: ResultInput): ContentItem[] => [
  codeValue('HAS OBS CONTEXT', CODES.observerType, CODES.device),
  uidValue('HAS OBS CONTEXT', CODES.deviceUid, uidOf('device', model.sha256, software.version)),
  textValue('HAS OBS CONTEXT', CODES.deviceName, `Ichor ${software.version}`),
  textValue('HAS OBS CONTEXT', CODES.deviceManufacturer, 'Ichor'),
  textValue('HAS OBS CONTEXT', CODES.deviceModel, ascii(model.name)),
];

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

/** Any hemorrhage, and the subtypes where the subject is positive: otherwise nobody looked for them. */
function groups(input: ResultInput): ContentItem[] {
  const asked = HEMORRHAGE_CLASSES.filter(
    ({ name }) => name === 'anyHemorrhage' || input.prediction.subtypes !== null,
  );
  return asked.map(({ name, label }) => group(input, name, label));
}

/** One finding (TID 1501). */
function group(input: ResultInput, name: HemorrhageName, label: string): ContentItem {
  const { prediction, study } = input;
  const { finding, site } = CODED_FINDINGS[name];
  const verdict = verdictOf(input, name);
  return container(CODES.measurementGroup, [
    textValue('HAS OBS CONTEXT', CODES.trackingIdentifier, label),
    uidValue(
      'HAS OBS CONTEXT',
      CODES.trackingUid,
      uidOf('finding', study.study.studyInstanceUid ?? '', name),
    ),
    codeValue('CONTAINS', CODES.finding, finding),
    codeValue('HAS CONCEPT MOD', CODES.findingSite, site),
    textValue('HAS CONCEPT MOD', CODES.algorithmName, 'Ichor'),
    textValue('HAS CONCEPT MOD', CODES.algorithmVersion, prediction.software.version),
    ...parameters(input).map((text) => textValue('HAS CONCEPT MOD', CODES.algorithmParameters, text)),
    codeValue('CONTAINS', CODES.presence, presenceOf(input, verdict.positive)),
    number(CODES.probability, verdict.probability, CODES.noUnits),
    ...keySlices(input, name).map((slice) => image(CODES.sourceOfMeasurement, imageReference(input, slice))),
    ...comments(input, name).map((text) => textValue('CONTAINS', CODES.comment, text)),
  ]);
}

function verdictOf({ prediction }: ResultInput, name: HemorrhageName) {
  const { anyHemorrhage, subtypes } = prediction;
  const verdict = name === 'anyHemorrhage' ? anyHemorrhage : subtypes?.[name];
  if (verdict === undefined) throw new TypeError(`${name} was not asked`);
  return verdict;
}

const parameters = ({ prediction: { model, operatingPoint } }: ResultInput): string[] => [
  `model ${ascii(model.name)}`,
  `sha256 ${model.sha256}`,
  `operating point ${operatingPoint}: present from this probability on, absent below it`,
];

/** Checks under which a probability below the operating point does not mean that the finding is absent. */
const NOT_ABSENT = new Set(['slices-disagree', 'unlike-training']);

const doubts = ({ prediction }: ResultInput) => prediction.checks.filter(({ code }) => NOT_ABSENT.has(code));

function presenceOf(input: ResultInput, positive: boolean): Code {
  if (positive) return CODES.present;
  return doubts(input).length > 0 ? CODES.undetermined : CODES.absent;
}

/** The slices with the highest probabilities of the class, highest first. */
function keySlices({ prediction }: ResultInput, name: HemorrhageName): number[] {
  const known = prediction.slices.flatMap(({ probabilities }, slice) => {
    const probability = probabilities[name];
    return probability === undefined ? [] : [{ slice, probability }];
  });
  const falling = known.sort((a, b) => b.probability - a.probability || a.slice - b.slice);
  return falling.slice(0, KEY_SLICES).map(({ slice }) => slice);
}

function comments(input: ResultInput, name: HemorrhageName): string[] {
  const { prediction } = input;
  if (name !== 'anyHemorrhage') return [];
  const reason = prediction.subtypes === null ? [prediction.subtypesReason ?? ''] : [];
  const texts = ['Research use only. Not for diagnostic use.', ...doubts(input).map(({ text }) => text)];
  return [...texts, ...reason].map(ascii);
}

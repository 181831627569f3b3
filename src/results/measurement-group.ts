import { HEMORRHAGE_CLASSES, type HemorrhageName } from '../base/index.ts';
import { thresholdOf } from '../prediction/index.ts';
import { CODED_FINDINGS, CODES, type Code } from './codes.ts';
import {
  type ContentItem,
  codeValue,
  container,
  image,
  number,
  textValue,
  uidValue,
} from './content-items.ts';
import { objectReference } from './report-document.ts';
import { ascii, imageReference, type ResultInput } from './result-input.ts';
import type { SecondaryCapture } from './secondary-captures.ts';
import type { Segmentation } from './segmentation.ts';
import { uidOf } from './uids.ts';

/** So many key slices a finding refers to. */
const KEY_SLICES = 6;

/** The objects that were made beside the report. */
export interface Beside {
  readonly segmentation?: Segmentation | undefined;
  readonly captures: readonly SecondaryCapture[];
}

/** Any hemorrhage, and the subtypes where the subject is positive: otherwise nobody looked for them. */
export function measurementGroups(input: ResultInput, beside: Beside): ContentItem[] {
  const asked = HEMORRHAGE_CLASSES.filter(
    ({ name }) => name === 'anyHemorrhage' || input.prediction.subtypes !== null,
  );
  return asked.map(({ name, label }) => group(input, beside, name, label));
}

/** One finding (TID 1501). */
function group(input: ResultInput, beside: Beside, name: HemorrhageName, label: string): ContentItem {
  const { finding, site } = CODED_FINDINGS[name];
  const verdict = verdictOf(input, name);
  return container(CODES.measurementGroup, [
    textValue('HAS OBS CONTEXT', CODES.trackingIdentifier, label),
    uidValue('HAS OBS CONTEXT', CODES.trackingUid, uidOf('finding', input.studyInstanceUid, name)),
    codeValue('CONTAINS', CODES.finding, finding),
    codeValue('HAS CONCEPT MOD', CODES.findingSite, site),
    ...algorithm(input, name),
    codeValue('CONTAINS', CODES.presence, presenceOf(input, verdict.positive)),
    number(CODES.probability, verdict.probability, CODES.noUnits),
    ...keySlices(input, name).map((slice) => image(CODES.sourceOfMeasurement, imageReference(input, slice))),
    ...referencedSegment(beside, name),
    ...(name === 'anyHemorrhage' ? drawn(beside) : []),
    ...comments(input, name).map((text) => textValue('CONTAINS', CODES.comment, text)),
  ]);
}

function verdictOf({ prediction }: ResultInput, name: HemorrhageName) {
  const { anyHemorrhage, subtypes } = prediction;
  const verdict = name === 'anyHemorrhage' ? anyHemorrhage : subtypes?.[name];
  if (verdict === undefined) throw new TypeError(`${name} was not reported`);
  return verdict;
}

/**
 * The class's segment, as what explains the finding. Not by TID 1411, whose groups measure the region that they refer to:
 * nothing is measured in an attention map's area.
 */
function referencedSegment({ segmentation }: Beside, name: HemorrhageName): ContentItem[] {
  const segment = segmentation?.segments.indexOf(name) ?? -1;
  if (segmentation === undefined || segment < 0) return [];
  const reference = { ...objectReference(segmentation.identity), ReferencedSegmentNumber: segment + 1 };
  return [image(CODES.visualExplanation, reference)];
}

/** TID 4019. */
const algorithm = ({ model, software, prediction }: ResultInput, name: HemorrhageName): ContentItem[] => [
  textValue('HAS CONCEPT MOD', CODES.algorithmName, 'Ichor'),
  textValue('HAS CONCEPT MOD', CODES.algorithmVersion, software.version),
  ...[
    `model ${ascii(model.name)}`,
    `sha256 ${model.sha256}`,
    `${thresholdText(prediction, name)}: present from this probability on, absent below it`,
  ].map((text) => textValue('HAS CONCEPT MOD', CODES.algorithmParameters, text)),
];

/** `operating point 0.00162 (triage)`, as the model's card names it; of a subtype `threshold 0.5`. */
function thresholdText(prediction: ResultInput['prediction'], name: HemorrhageName): string {
  const { operatingPoint, operatingPointName } = prediction;
  if (name !== 'anyHemorrhage') return `threshold ${thresholdOf(prediction, name)}`;
  const words = operatingPointName === undefined ? '' : ` (${operatingPointName})`;
  return `operating point ${operatingPoint}${words}`;
}

/** Checks under which a probability below the operating point does not mean that the finding is absent. */
const NOT_ABSENT = new Set(['slices-disagree', 'unlike-training', 'skull-blurred']);

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

/** The key images: with the map they explain, without it they show. */
const drawn = ({ captures }: Beside): ContentItem[] =>
  captures.map(({ identity, isHeatMap }) =>
    image(isHeatMap ? CODES.visualExplanation : CODES.ofInterest, objectReference(identity)),
  );

function comments(input: ResultInput, name: HemorrhageName): string[] {
  const { prediction, outside = [] } = input;
  if (name !== 'anyHemorrhage') return [];
  const reason = prediction.subtypes === null ? [prediction.subtypesReason ?? ''] : [];
  const held = [
    ...doubts(input).map(({ text }) => text),
    ...outside.map((text) => `Outside of what was checked: ${text}`),
  ];
  const texts = ['Research use only. Not for diagnostic use.', ...held];
  const { operatingPointMisses: misses } = prediction;
  return [...texts, ...reason, ...(misses === undefined ? [] : [misses])].map(ascii);
}

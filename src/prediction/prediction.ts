import { z } from 'zod';
import {
  HEMORRHAGE_CLASSES,
  HEMORRHAGE_SUBTYPE_NAMES,
  type HemorrhageName,
  RESEARCH_USE,
  recalibrate,
} from '../base/index.ts';
import type { ModelCard } from '../network/index.ts';
import { type AcceptedStudy, createCheck, type StudyCheck } from '../study/index.ts';
import { DISAGREEMENTS, type Disagreement, disagreementOf } from './disagreement.ts';
import type { ClassProbabilities, Findings } from './findings.ts';
import { thresholdOf } from './threshold.ts';
import { isUnlike, isUpsideDown, type Unlikeness } from './unlike-training.ts';

export const PREDICTION_SCHEMA = 'ichor-prediction-1';

const probability = z.number().min(0).max(1);
const verdict = z.object({
  probability,
  positive: z.boolean(),
  calibrated: probability
    .optional()
    .describe("By the model's calibration, where it has one; positive is by the plain one."),
});
const ofSubtypes = <T extends z.ZodType>(value: T) =>
  z.object(
    Object.fromEntries(HEMORRHAGE_SUBTYPE_NAMES.map((name) => [name, value])) as Record<
      (typeof HEMORRHAGE_SUBTYPE_NAMES)[number],
      T
    >,
  );
const ofClasses = z.object(
  Object.fromEntries(HEMORRHAGE_CLASSES.map(({ name }) => [name, probability.optional()])) as Record<
    HemorrhageName,
    z.ZodOptional<typeof probability>
  >,
);
const vector = z.tuple([z.number(), z.number(), z.number()]);

export const predictionSchema = z.object({
  schema: z.literal(PREDICTION_SCHEMA),
  notice: z.string().describe('Research use only.'),
  study: z.object({
    source: z.enum(['dicom', 'nifti']),
    name: z.string(),
    studyInstanceUid: z.string().optional(),
  }),
  series: z.object({
    seriesInstanceUid: z.string().optional(),
    description: z.string(),
    slices: z.number().int().positive(),
    rows: z.number().int().positive(),
    columns: z.number().int().positive(),
    sliceThicknessMm: z.number().optional(),
    kernel: z.string().optional(),
    scanner: z.string().optional(),
    transferSyntaxUid: z.string().optional(),
    geometry: z.object({
      pixelSpacingMm: z.object({ row: z.number(), column: z.number() }),
      sliceSpacingMm: z.number(),
      gantryTiltDegrees: z.number(),
      rowDirection: vector,
      columnDirection: vector,
      orientationKnown: z.boolean(),
    }),
  }),
  checks: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['noted', 'warned', 'refused']),
      text: z.string(),
      files: z.array(z.string()).optional(),
      slices: z.array(z.number().int().nonnegative()).optional(),
    }),
  ),
  model: z.object({ name: z.string(), sha256: z.string() }),
  operatingPoint: probability,
  subtypeThreshold: probability
    .optional()
    .describe(
      "From which probability on a subtype is positive: the model's own operating point. Absent in predictions of earlier versions, whose subtypes were held to the operating point.",
    ),
  operatingPointName: z.string().optional().describe('Absent for a probability that has none.'),
  operatingPointMisses: z.string().optional().describe('What it missed where it was measured.'),
  anyHemorrhage: verdict,
  disagreement: z
    .object({
      kind: z.enum(DISAGREEMENTS).describe('What reaches the operating point while the other does not.'),
      slices: z.array(z.number().int().nonnegative()).describe('To look at; 0 is the most inferior.'),
    })
    .optional()
    .describe('Slices and subject disagree; absent where they agree.'),
  unlikeTraining: z
    .object({
      distance: z.number().nonnegative(),
      limit: z.number().positive(),
      upsideDown: z
        .number()
        .optional()
        .describe('0 as heads lie, 1 with front and back exchanged; absent where the model cannot tell.'),
    })
    .optional()
    .describe(
      "How far the series lies from the training's, and what few of those lie beyond; absent where the model does not describe them.",
    ),
  subtypes: ofSubtypes(verdict).nullable(),
  subtypesReason: z.string().optional().describe('Why there are no subtypes.'),
  slices: z
    .array(
      z.object({
        positionMm: z.number(),
        sopInstanceUid: z.string().optional(),
        probabilities: ofClasses,
      }),
    )
    .describe('Inferior to superior.'),
  timingsMs: z.record(z.string(), z.number()),
  peakMemoryBytes: z.number().nonnegative().optional().describe('Where it is known.'),
  software: z.object({ name: z.string(), version: z.string() }),
});

/** The contents of prediction.json. */
export type Prediction = z.infer<typeof predictionSchema>;

export interface PredictionParts {
  readonly study: AcceptedStudy;
  readonly findings: Findings;
  readonly model: Pick<ModelCard, 'name' | 'calibration'> & { readonly sha256: string };
  readonly timingsMs: Readonly<Record<string, number>>;
  readonly peakMemoryBytes?: number;
  readonly software: Prediction['software'];
}

/** Puts together what is written to prediction.json; throws where it would not fit its own schema. */
export function createPrediction(parts: PredictionParts): Prediction {
  const { study, findings, model } = parts;
  const { frameOfReferenceUid: _, sopClassUid: __, seriesNumber: ___, ...series } = study.series;
  const { imagePositionsPatient: ____, ...geometry } = study.volume.geometry;
  const verdictOf = verdicts(findings, model.calibration ?? []);
  const subtypes = findings.positive ? ofAllSubtypes(verdictOf) : null;
  const disagreement = disagreementOf(findings);
  return predictionSchema.parse({
    schema: PREDICTION_SCHEMA,
    notice: RESEARCH_USE,
    study: study.study,
    series: { ...series, geometry },
    checks: [
      ...study.checks,
      ...(disagreement ? [disagreementCheck(disagreement)] : []),
      ...unlikeChecks(findings.unlikeTraining, study.checks),
    ],
    model: { name: model.name, sha256: model.sha256 },
    operatingPoint: findings.operatingPoint,
    subtypeThreshold: findings.subtypeThreshold,
    operatingPointName: findings.operatingPointName,
    operatingPointMisses: findings.operatingPointMisses,
    anyHemorrhage: verdictOf('anyHemorrhage'),
    ...(disagreement && { disagreement }),
    ...(findings.unlikeTraining && { unlikeTraining: roundedUnlikeness(findings.unlikeTraining) }),
    subtypes,
    ...(subtypes === null && {
      subtypesReason: 'The subject is below the threshold for any hemorrhage, so subtypes are not reported.',
    }),
    slices: study.slices.map(({ positionMm, sopInstanceUid }, i) => ({
      positionMm,
      ...(sopInstanceUid !== undefined && { sopInstanceUid }),
      probabilities: roundedAll(findings.slices[i] ?? {}),
    })),
    timingsMs: parts.timingsMs,
    ...(parts.peakMemoryBytes !== undefined && { peakMemoryBytes: parts.peakMemoryBytes }),
    software: parts.software,
  });
}

const DISAGREEMENT_TEXTS: Readonly<Record<Disagreement['kind'], string>> = {
  'slices-above': 'the subject is below the threshold, but slices reach it by themselves: look at them',
  'subject-above': 'the subject reaches the threshold, but no slice does: look at the most probable ones',
};

const disagreementCheck = ({ kind, slices }: Disagreement): StudyCheck =>
  createCheck('slices-disagree', DISAGREEMENT_TEXTS[kind], { slices });

/**
 * Where the series lies beyond the limit, upside down, or blurred as none of the training's: what the model says of it was never
 * tested on its like.
 */
function unlikeChecks(found: Unlikeness | undefined, checks: readonly StudyCheck[]): StudyCheck[] {
  const isBlurred = checks.some(({ code }) => code === 'skull-blurred');
  if (found === undefined || !(isBlurred || isUnlike(found))) return [];
  const text = isBlurred ? BLURRED_TEXT : unlikeText(found);
  return [createCheck('unlike-training', text)];
}

const BLURRED_TEXT =
  'the edges of the skull are blurred (skull-blurred), as in none of the series that the model was trained on: rely less on the probabilities';

function unlikeText(found: Unlikeness): string {
  const { distance, limit } = roundedUnlikeness(found);
  return isUpsideDown(found)
    ? 'the head looks upside down, its face at the bottom of the slices: the file may tell a wrong orientation, and the model was not trained on such series; rely less on the probabilities'
    : `the series looks unlike those that the model was trained on: its distance is ${distance}, and few of those lie beyond ${limit}; metal, motion, a sharp kernel, missing parts of the head or another part of the body may be why: rely less on the probabilities`;
}

const roundedUnlikeness = ({ distance, limit, upsideDown }: Unlikeness): Unlikeness => ({
  distance: Number(distance.toPrecision(4)),
  limit: Number(limit.toPrecision(4)),
  ...(upsideDown !== undefined && { upsideDown: Number(upsideDown.toFixed(3)) }),
});

type Verdict = z.infer<typeof verdict>;

function verdicts(findings: Findings, calibration: NonNullable<ModelCard['calibration']>) {
  return (name: HemorrhageName): Verdict => {
    const value = findings.subject[name] ?? 0;
    const map = calibration.find((stored) => stored.class === name);
    const calibrated = map && { calibrated: rounded(recalibrate(map, value)) };
    return { probability: rounded(value), positive: value >= thresholdOf(findings, name), ...calibrated };
  };
}

const ofAllSubtypes = (verdictOf: (name: HemorrhageName) => Verdict) =>
  Object.fromEntries(HEMORRHAGE_SUBTYPE_NAMES.map((name) => [name, verdictOf(name)]));

/** Six digits: more would be noise of the arithmetic. */
const rounded = (value: number): number => Number(value.toFixed(6));

const roundedAll = (probabilities: ClassProbabilities): ClassProbabilities =>
  Object.fromEntries(Object.entries(probabilities).map(([name, value]) => [name, rounded(value)]));

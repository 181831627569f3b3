import { z } from 'zod';
import { HEMORRHAGE_CLASSES, messageOf, RefusedInput } from '../base/index.ts';
import { fingerprintOf, readOnnx, toOnnx, withMetadata } from '../graph/index.ts';
import { buildModel, MODEL_PORTS } from './model-graph.ts';
import { operatingPointSchema } from './operating-points.ts';
import { checkWeights, parametersOf, type Weights } from './parameters.ts';
import { type NetworkSettings, SIDE_STEP } from './settings.ts';
import {
  parseReference,
  REFERENCE_KEY,
  referenceText,
  type TrainingReference,
} from './training-reference.ts';

export const MODEL_SCHEMA = 'ichor-model-1';
const CARD_KEY = 'ichor.card';
/** Checksum of the graph and its weights; files older than it are read without. */
const FINGERPRINT_KEY = 'ichor.fingerprint';

const settingsSchema = z.object({
  cnn: z.enum(['vgg16', 'compact-vgg16', 'compact-vgg16-128', 'mobilenet-v1']),
  preprocessing: z.enum(['paper', 'head']),
  features: z.number().int().positive(),
  hidden: z.number().int().positive(),
  dropout: z.number().min(0).lt(1),
  supervision: z.enum(['sub-lab', 'sli-lab']),
  sharedCnn: z.boolean(),
  slabMm: z.number().positive().optional(),
  sliceReads: z.enum(['recurrent', 'recurrentAndCnn']).optional(),
  subjectReads: z.enum(['mean', 'meanAndSurestSlice']).optional(),
  imageSide: z.number().int().positive().multipleOf(SIDE_STEP).optional(),
});

const calibrationSchema = z.object({
  class: z.enum(HEMORRHAGE_CLASSES.map(({ name }) => name)),
  kind: z.enum(['temperature', 'platt']),
  slope: z.number().positive(),
  intercept: z.number(),
  /** The plain probability at which the calibrated one reaches 0.5. */
  impliedThreshold: z.number().min(0).max(1),
  /** Subjects and positives that it was fitted on, in words. */
  fittedOn: z.string(),
});
export type StoredCalibration = z.infer<typeof calibrationSchema>;

/** What a model file says of itself; JSON in the file's metadata. */
export const modelCardSchema = z.object({
  schema: z.literal(MODEL_SCHEMA),
  name: z.string().min(1),
  description: z.string(),
  intendedUse: z.string(),
  /** In the order of the outputs. */
  classes: z.array(z.string()).length(HEMORRHAGE_CLASSES.length),
  /** Positive means a probability of at least this. */
  operatingPoint: z.number().min(0).max(1),
  /** Points to choose from by name, the default among them; older files have none. */
  operatingPoints: z.array(operatingPointSchema).optional(),
  /** Maps of the subject's probabilities, fitted on labelled scans: sigmoid(intercept + slope * logit(p)). */
  calibration: z.array(calibrationSchema).optional(),
  network: settingsSchema,
  /** Each difference from the paper's preset, in words. */
  differencesFromPaper: z.array(z.string()),
  training: z.record(z.string(), z.unknown()),
  data: z.array(z.string()),
  /** Measured figures with how each was measured; what leads stands first. */
  performance: z.array(z.object({ figure: z.string(), value: z.string(), measured: z.string() })),
  limits: z.array(z.string()),
  licence: z.string(),
  attribution: z.array(z.string()),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

export interface Model {
  readonly card: ModelCard;
  readonly bytes: Uint8Array;
  /** What the training's series looked like; absent where the file does not say. */
  readonly reference?: TrainingReference;
}

/** One ONNX file: HU in, probabilities and heat maps out, the card in its metadata. Throws `weights-mismatch`. */
export function exportModel(card: ModelCard, weights: Weights): Uint8Array {
  const settings: NetworkSettings = card.network;
  const specs = parametersOf(settings);
  checkWeights(specs, weights);
  const used = Object.fromEntries(specs.map(({ name }) => [name, weights[name] as Weights[string]]));
  return described(toOnnx(buildModel(settings), { weights: used }), card);
}

/** The same networks under another card. */
export const withCard = (model: Model, card: ModelCard): Uint8Array => described(model.bytes, card);

/** The same networks and card, with what the training's series looked like. */
export const withReference = ({ bytes }: Model, reference: TrainingReference): Uint8Array =>
  withMetadata(bytes, { [REFERENCE_KEY]: referenceText(reference) });

/** The networks with their card, and with the checksum that tells whether they are still what was written. */
const described = (bytes: Uint8Array, card: ModelCard): Uint8Array =>
  withMetadata(bytes, {
    [CARD_KEY]: JSON.stringify(modelCardSchema.parse(card)),
    [FINGERPRINT_KEY]: fingerprintOf(bytes),
  });

/**
 * Reads a model file's card. Throws RefusedInput `model-unreadable` for what is no ONNX file or a damaged one,
 * `model-of-another-kind` for one that is not ours, `model-version` for a card that this version does not know.
 */
export function readModel(bytes: Uint8Array, where: string): Model {
  const file = opened(bytes, where);
  const text = file.metadata[CARD_KEY];
  if (text === undefined || !file.inputs.some((port) => port.name === MODEL_PORTS.hu)) {
    const found = file.inputs.map((port) => port.name).join(', ') || 'nothing';
    throw new RefusedInput(
      'model-of-another-kind',
      `${where}: an ONNX file with the inputs ${found} and no card of Ichor; expected a file written by ichor train or ichor model export`,
    );
  }
  const card = cardOf(text, where);
  refuseDamaged(bytes, file.metadata[FINGERPRINT_KEY], where);
  const reference = file.metadata[REFERENCE_KEY];
  return { card, bytes, ...(reference !== undefined && { reference: parseReference(reference, where) }) };
}

function refuseDamaged(bytes: Uint8Array, written: string | undefined, where: string): void {
  if (written === undefined) return;
  const found = fingerprintOf(bytes);
  if (found === written) return;
  throw new RefusedInput(
    'model-unreadable',
    `${where}: its networks have the checksum ${found}, and ${written} was written with them: the file is damaged or was changed; take a whole copy`,
  );
}

function opened(bytes: Uint8Array, where: string) {
  try {
    return readOnnx(bytes);
  } catch (error) {
    const text = `${where}: ${messageOf(error)}: expected a model file of Ichor, whole`;
    throw new RefusedInput('model-unreadable', text, { cause: error });
  }
}

function cardOf(text: string, where: string): ModelCard {
  const parsed = modelCardSchema.safeParse(parsedJson(text, where));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'the card';
  throw new RefusedInput(
    'model-version',
    `${where}: its card does not fit ${MODEL_SCHEMA}, which this version reads: ${place}: ${issue?.message}`,
  );
}

function parsedJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RefusedInput('model-unreadable', `${where}: its card is not JSON; the file is damaged`, {
      cause: error,
    });
  }
}

import { z } from 'zod';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../base/index.ts';
import { STUDY_STATE_NAMES } from './study-states.ts';

/** A UID that may be a file's name: digits and dots, at most 64 (PS3.5 9.1); leading zeros are not our business. */
export const uidSchema = z
  .string()
  .max(64)
  .regex(/^\d+(\.\d+)*$/);

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const common = { at: z.iso.datetime(), study: uidSchema };
/** Of all files of a result or a refusal (digestOfFiles); absent in entries of earlier versions. */
const filesSha256Schema = sha256Schema.optional();

/** An object is on the disk under its name. */
const receivedSchema = z.object({
  event: z.literal('received'),
  ...common,
  series: uidSchema,
  instance: uidSchema,
  sopClass: uidSchema,
  transferSyntax: uidSchema,
  modality: z.string().optional(),
  /** Of the data set as it was sent, without preamble and file meta information. */
  sha256: sha256Schema,
  bytes: z.number().int().nonnegative(),
  /** `dicom STORESCU 127.0.0.1`, `http 127.0.0.1`. */
  from: z.string(),
  urgent: z.boolean().optional(),
  /** No slice, so that no prediction changes for it; absent for slices, and for all objects of earlier versions. */
  companion: z.boolean().optional(),
  /** Instances of the study, where the object tells (0020,1208). */
  expected: z.number().int().positive().optional(),
});

/** Somebody moved a study; without effect where its state was no longer `from`. */
const movedSchema = z.object({
  event: z.literal('moved'),
  ...common,
  from: z.enum(STUDY_STATE_NAMES),
  to: z.enum(STUDY_STATE_NAMES),
  by: z.string(),
  code: z.string().optional(),
  text: z.string().optional(),
  /** Of a study that was refused: where the files lie that say so, under the archive's own folder. */
  folder: z.string().optional(),
  filesSha256: filesSha256Schema,
});

const resultSchema = z.object({
  /** Under the archive's own folder. */
  folder: z.string(),
  /** Of prediction.json. */
  sha256: sha256Schema,
  filesSha256: filesSha256Schema,
  model: sha256Schema,
  probability: z.number().min(0).max(1),
  positive: z.boolean(),
  /** Slices and subject disagree. */
  disagreement: z.boolean(),
  /** Those that reach their operating point; absent where the subject has none, and in results of earlier versions. */
  subtypes: z.array(z.enum(HEMORRHAGE_SUBTYPE_NAMES)).optional(),
  /** Of the series that was predicted, for the watch over drift. */
  seen: z
    .object({
      scanner: z.string(),
      kernel: z.string(),
      thicknessMm: z.number(),
      /** Median of the head's soft tissue. */
      headHu: z.number(),
      /** From what the model was trained on. */
      unlikeDistance: z.number(),
    })
    .partial()
    .optional(),
});

/** What a worker says of a prediction before it is kept. */
export const factsSchema = resultSchema.omit({ folder: true, sha256: true, filesSha256: true });

/** A prediction's files are on the disk: the study is done, where it was still being predicted. */
const finishedSchema = z.object({
  event: z.literal('finished'),
  ...common,
  by: z.string(),
  result: resultSchema,
});

/** A person says that the study was read: it then waits no longer. */
const readSchema = z.object({ event: z.literal('read'), ...common, by: z.string() });

/** A person takes back that the study was read: it waits again. */
const unreadSchema = z.object({ event: z.literal('unread'), ...common, by: z.string() });

/** What a reader may say of a result. */
export const opinionSchema = z.object({
  /** With its finding, hemorrhage or none. */
  opinion: z.enum(['agree', 'disagree']),
  /** Where the reader says which there are, and which there are not; one that is absent was not judged. */
  subtypes: z.partialRecord(z.enum(HEMORRHAGE_SUBTYPE_NAMES), z.boolean()).optional(),
  /** SOP Instance UIDs of slices with a hemorrhage. */
  slices: z.array(uidSchema).max(4096).optional(),
  /** Which they are in the result, from 1, inferior first: where slices are frames of one object, the UID does not tell. */
  sliceNumbers: z.array(z.int().min(1)).max(4096).optional(),
  /** No other slice has one. */
  slicesComplete: z.boolean().optional(),
  comment: z.string().max(4000).optional(),
});
export type Opinion = z.infer<typeof opinionSchema>;

/** A reader's verdict on a result; without effect where another one is the study's newest. */
const verdictSchema = z.object({
  event: z.literal('verdict'),
  ...common,
  by: z.string(),
  /** The result's folder. */
  folder: z.string(),
  ...opinionSchema.shape,
});

/** Who gave a verdict takes it back: it counts no more, and the one before it does again. */
const withdrawnSchema = z.object({
  event: z.literal('withdrawn'),
  ...common,
  by: z.string(),
  /** When the verdict was given. */
  verdictAt: z.iso.datetime(),
});

/** A try to hand a result's objects to a destination. */
const deliverySchema = z.object({
  event: z.literal('delivery'),
  ...common,
  /** Of the result. */
  folder: z.string(),
  destination: z.string(),
  /** Absent where the destination has taken all. */
  failure: z.object({ code: z.string(), text: z.string() }).optional(),
});

/** A study's objects were taken away, as retention asks; without effect where it is not at an end. Its results stay. */
const removedSchema = z.object({
  event: z.literal('removed'),
  ...common,
  by: z.string(),
  /** `older than 30 days`, `the disk is full`. */
  because: z.string(),
});

/** What the rules say of a study that is complete. */
const sortedSchema = z.object({
  event: z.literal('sorted'),
  ...common,
  /** Those that held, by name. */
  rules: z.array(z.string()),
  urgent: z.boolean(),
  /** Who gets its results; all destinations where it is absent. */
  destinations: z.array(z.string()).optional(),
});

/** A person asks that a destination be tried again, as if it never had been. */
const requeuedSchema = z.object({
  event: z.literal('requeued'),
  ...common,
  by: z.string(),
  folder: z.string(),
  destination: z.string(),
});

export const entrySchema = z.discriminatedUnion('event', [
  receivedSchema,
  movedSchema,
  finishedSchema,
  readSchema,
  unreadSchema,
  verdictSchema,
  withdrawnSchema,
  deliverySchema,
  requeuedSchema,
  removedSchema,
  sortedSchema,
]);
export type Entry = z.infer<typeof entrySchema>;
export type ReceivedEntry = z.infer<typeof receivedSchema>;
export type MovedEntry = z.infer<typeof movedSchema>;
export type FinishedEntry = z.infer<typeof finishedSchema>;
export type RequeuedEntry = z.infer<typeof requeuedSchema>;
export type DeliveryEntry = z.infer<typeof deliverySchema>;
export type VerdictEntry = z.infer<typeof verdictSchema>;
export type WithdrawnEntry = z.infer<typeof withdrawnSchema>;
export type RemovedEntry = z.infer<typeof removedSchema>;
export type SortedEntry = z.infer<typeof sortedSchema>;
export type ReadEntry = z.infer<typeof readSchema>;
export type ResultFacts = z.infer<typeof resultSchema>;

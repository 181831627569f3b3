/** What a reader says of a result: the draft on the page, and what is sent of it. Pure. */
import { z } from 'zod';
import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageSubtypeName } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import { areFrames, type SlicesOf, sameSlice } from '../study/same-slice.ts';

const opinionSchema = z.object({
  opinion: z.enum(['agree', 'disagree']),
  subtypes: z.partialRecord(z.enum(HEMORRHAGE_SUBTYPE_NAMES), z.boolean()).optional(),
  /** SOP Instance UIDs of slices with a hemorrhage. */
  slices: z.array(z.string()).optional(),
  /** Their numbers in the result, from 1, where the UIDs do not tell them apart. */
  sliceNumbers: z.array(z.number()).optional(),
  /** No other slice has one. */
  slicesComplete: z.boolean().optional(),
  comment: z.string().optional(),
});
export type Opinion = z.infer<typeof opinionSchema>;

/** As the service gives it. */
export const verdictSchema = opinionSchema.extend({
  studyInstanceUid: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  result: z.string(),
  positive: z.boolean(),
  current: z.boolean(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** What the reader has set so far, whichever button is pressed in the end. */
export interface Draft {
  /** The model's until the reader corrects one. */
  readonly subtypes: ReadonlySet<HemorrhageSubtypeName>;
  readonly areCorrected: boolean;
  /** Numbers of slices with a hemorrhage, from 0. */
  readonly slices: ReadonlySet<number>;
  /** No other slice has one, as the reader says. */
  readonly areAllSlices: boolean;
  readonly comment: string;
}

/** What the reader said before, else what the model says; nothing of a hemorrhage that the reader says is none. */
export function startingDraft(prediction: Prediction, said: Opinion | undefined): Draft {
  const isDenied = said !== undefined && !saysHemorrhage(said.opinion, prediction);
  const model = HEMORRHAGE_SUBTYPE_NAMES.filter((name) => !isDenied && prediction.subtypes?.[name].positive);
  const corrected = said?.subtypes;
  const numbers = new Map(prediction.slices.map(({ sopInstanceUid }, i) => [sopInstanceUid, i]));
  return {
    subtypes: new Set(corrected ? HEMORRHAGE_SUBTYPE_NAMES.filter((name) => corrected[name]) : model),
    areCorrected: corrected !== undefined,
    slices: new Set(
      said?.sliceNumbers?.map((number) => number - 1) ??
        (said?.slices ?? []).flatMap((uid) => numbers.get(uid) ?? []),
    ),
    areAllSlices: said?.slicesComplete ?? false,
    comment: said?.comment ?? '',
  };
}

/** What was set on one result, on a newer one of the study: its slices may have other numbers there. */
export function movedDraft(draft: Draft, from: SlicesOf, to: Prediction): Draft {
  const slices = new Set([...draft.slices].flatMap((slice) => sameSlice(slice, from, to) ?? []));
  const isWhole = from.slices.length === to.slices.length && slices.size === draft.slices.size;
  return {
    ...draft,
    subtypes: draft.areCorrected ? draft.subtypes : startingDraft(to, undefined).subtypes,
    slices,
    // A further slice may bleed too
    areAllSlices: draft.areAllSlices && isWhole,
  };
}

function toggled<T>(held: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const after = new Set(held);
  if (!after.delete(one)) after.add(one);
  return after;
}

export const withSubtype = (draft: Draft, name: HemorrhageSubtypeName): Draft => ({
  ...draft,
  areCorrected: true,
  subtypes: toggled(draft.subtypes, name),
});

export function withSlice(draft: Draft, slice: number): Draft {
  const slices = toggled(draft.slices, slice);
  return { ...draft, slices, areAllSlices: draft.areAllSlices && slices.size > 0 };
}

/** Without a marked slice there is nothing to say of all of them, and the box is not shown. */
export const withAllSlices = (draft: Draft): Draft => ({
  ...draft,
  areAllSlices: draft.slices.size > 0 && !draft.areAllSlices,
});

/** Whether there is a hemorrhage, as the reader says. */
const saysHemorrhage = (opinion: Opinion['opinion'], { anyHemorrhage }: Prediction): boolean =>
  (opinion === 'agree') === anyHemorrhage.positive;

/** Whether a verdict of the service says that there is none. */
export const saysNone = ({ opinion, positive }: Verdict): boolean => (opinion === 'agree') !== positive;

/** What a verdict says beside yes or no, for another reader to see: subtypes, numbers of slices from 1, comment. */
export function furtherOf(said: Verdict, prediction: Prediction) {
  const { slices } = startingDraft(prediction, said);
  return {
    subtypes: HEMORRHAGE_SUBTYPE_NAMES.filter((name) => said.subtypes?.[name]),
    slices: [...slices].sort((a, b) => a - b).map((slice) => slice + 1),
    comment: said.comment ?? '',
  };
}

/** Whether it says more than yes or no. */
export const saysMore = ({ subtypes, slices, comment }: Opinion): boolean =>
  subtypes !== undefined || slices !== undefined || comment !== undefined;

/** What is sent. Who says that there is no hemorrhage says nothing of subtypes and slices. */
export function opinionOf(opinion: Opinion['opinion'], draft: Draft, prediction: Prediction): Opinion {
  const { subtypes, areCorrected, slices, areAllSlices } = draft;
  const comment = draft.comment.trim();
  const said = comment === '' ? {} : { comment };
  if (!saysHemorrhage(opinion, prediction)) return { opinion, ...said };
  const sorted = [...slices].sort((a, b) => a - b);
  const uids = sorted.flatMap((i) => prediction.slices[i]?.sopInstanceUid ?? []);
  return {
    opinion,
    ...(areCorrected && {
      subtypes: Object.fromEntries(HEMORRHAGE_SUBTYPE_NAMES.map((name) => [name, subtypes.has(name)])),
    }),
    ...(uids.length > 0 && { slices: [...new Set(uids)] }),
    ...(uids.length > 0 && areFrames(prediction) && { sliceNumbers: sorted.map((i) => i + 1) }),
    ...(areAllSlices && uids.length > 0 && uids.length === slices.size && { slicesComplete: true }),
    ...said,
  };
}

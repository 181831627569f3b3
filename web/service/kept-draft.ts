/** Drafts of verdicts that were not sent yet, kept by this tab for who wrote them: a study that is left, or a session that ends, costs no comment. */
import { z } from 'zod';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import { type Draft, movedDraft } from './verdict.ts';

/** On which result of which study, and by whom: whoever logs in after them in the same tab finds none of theirs. */
export interface Judged {
  /** Undefined while nobody is known; then nothing is kept. */
  readonly reader: string | undefined;
  readonly studyInstanceUid: string;
  readonly result?: string | undefined;
  /** The result itself. */
  readonly prediction: Prediction;
}

const START = 'ichor-draft-';

const keptSchema = z.object({
  result: z.string().optional(),
  subtypes: z.array(z.enum(HEMORRHAGE_SUBTYPE_NAMES)),
  areCorrected: z.boolean(),
  slices: z.array(z.number()),
  areAllSlices: z.boolean(),
  comment: z.string(),
  /** SOP Instance UIDs of the slices of the result that it is on: another result of the study may give them other numbers. */
  uids: z.array(z.string().nullable()),
});

/** A browser may close its store to a page, or have it full, and throws then: the draft stays on the page alone. */
function tried<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}

/** A UID has no blank. */
const placeOf = ({ studyInstanceUid, reader }: Judged): string => `${START}${studyInstanceUid} ${reader}`;

export function keepDraft(judged: Judged, draft: Draft): void {
  const { reader, result, prediction } = judged;
  if (reader === undefined) return;
  const { subtypes, slices } = draft;
  const uids = prediction.slices.map(({ sopInstanceUid = null }) => sopInstanceUid);
  const kept = { ...draft, result, subtypes: [...subtypes], slices: [...slices], uids };
  tried(() => globalThis.sessionStorage.setItem(placeOf(judged), JSON.stringify(kept)));
}

/** Undefined where there is none. One of another result has the numbers of its slices in this one. */
export function keptDraft(judged: Judged): Draft | undefined {
  const text = tried(() => globalThis.sessionStorage.getItem(placeOf(judged)));
  const kept = keptSchema.safeParse(tried(() => JSON.parse(text ?? 'null')));
  if (!kept.success) return undefined;
  const { result, subtypes, slices, uids, ...draft } = kept.data;
  const whole = { ...draft, subtypes: new Set(subtypes), slices: new Set(slices) };
  if (result === judged.result) return whole;
  const from = uids.map((uid) => (uid === null ? {} : { sopInstanceUid: uid }));
  return movedDraft(whole, { slices: from }, judged.prediction);
}

export function forgetDraft(judged: Judged): void {
  tried(() => globalThis.sessionStorage.removeItem(placeOf(judged)));
}

/** Of all readers, when one logs out: the next one is somebody else. */
export function forgetDrafts(): void {
  tried(() => {
    const keys = Array.from({ length: sessionStorage.length }, (_, i) => sessionStorage.key(i) ?? '');
    for (const key of keys) if (key.startsWith(START)) sessionStorage.removeItem(key);
  });
}

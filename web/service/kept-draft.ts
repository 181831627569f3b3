/** Drafts of verdicts that were not sent yet, kept by this tab for who wrote them: a study that is left, or a session that ends, costs no comment. */
import { z } from 'zod';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../../src/base/index.ts';
import type { Draft } from './verdict.ts';

/** On which result of which study, and by whom: whoever logs in after them in the same tab finds none of theirs. */
export interface Judged {
  /** Undefined while nobody is known; then nothing is kept. */
  readonly reader: string | undefined;
  readonly studyInstanceUid: string;
  readonly result?: string | undefined;
}

const START = 'ichor-draft-';

const keptSchema = z.object({
  result: z.string().optional(),
  subtypes: z.array(z.enum(HEMORRHAGE_SUBTYPE_NAMES)),
  areCorrected: z.boolean(),
  slices: z.array(z.number()),
  areAllSlices: z.boolean(),
  comment: z.string(),
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
  const { reader, result } = judged;
  if (reader === undefined) return;
  const { subtypes, slices } = draft;
  const kept = { ...draft, result, subtypes: [...subtypes], slices: [...slices] };
  tried(() => globalThis.sessionStorage.setItem(placeOf(judged), JSON.stringify(kept)));
}

/** Undefined where there is none. One of another result comes without its slices: they may have other numbers. */
export function keptDraft(judged: Judged): Draft | undefined {
  const text = tried(() => globalThis.sessionStorage.getItem(placeOf(judged)));
  const kept = keptSchema.safeParse(tried(() => JSON.parse(text ?? 'null')));
  if (!kept.success) return undefined;
  const { result, subtypes, slices, ...draft } = kept.data;
  const whole = { ...draft, subtypes: new Set(subtypes), slices: new Set(slices) };
  return result === judged.result ? whole : { ...whole, slices: new Set(), areAllSlices: false };
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

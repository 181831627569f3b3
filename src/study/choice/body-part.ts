import type { SliceHeader } from '../headers/slice-header.ts';
import { findWord } from '../headers/words.ts';

/** Words for the head in descriptions and in Body Part Examined (PS3.16 CID 4030; English, German, French, Spanish, Italian). */
const HEAD =
  /\b(head|brain|skull|crani\w*|cereb\w*|intracranial|headneck|kopf|schadel\w*|hirn|gehirn|crane|tete|cerveau|craneo|cabeza|cerebro|cranio|testa|encef\w*)\b/;

/** What is mostly the head's, unless a word for another part stands beside it: `NEURO L-SPINE`. */
const MOSTLY_HEAD = /\b(neuro\w*|stroke)\b/;

/** Words for what is no head. */
const OTHER =
  /\b(chest|thorax|thoracic|lungs?|heart|cardiac|coronary|calcium score|breast|abdom\w*|abd|liver|kidneys?|renal|pelvis|pelvic|hips?|spine|cspine|c spine|tspine|t spine|lspine|l spine|cervical|lumbar|neck|hals|wirbel\w*|hws|bws|lws|knees?|ankles?|foot|feet|leg|legs|shoulders?|elbows?|wrists?|hands?|extremit\w*|femur|tibia|aorta|whole ?body|torso|becken|sinus|sinuses|pns|nnh|temporal bones?|petrous|iac|mastoids?|felsenbein|maxillofacial|facial bones?|face|dental|mandible|jaw|carotis|carotids?)\b/;

export type BodyPart =
  | { readonly kind: 'head' | 'other'; readonly tag: string; readonly word: string }
  | { readonly kind: 'unknown' };

type Source = readonly [tag: string, text: (slice: SliceHeader) => string];

/** What speaks first counts: a series' own words before the tag that scanners copy to every series of a study. */
const SOURCES: readonly Source[] = [
  ['Series Description', (slice) => slice.seriesDescription],
  ['Protocol Name', (slice) => slice.protocolName],
  ['Body Part Examined', (slice) => slice.bodyPart],
  ['Study Description', (slice) => slice.studyDescription],
];

/** The body part that the first speaking tag names; head where a tag names the head and more. */
export function bodyPartOf(slice: SliceHeader): BodyPart {
  for (const [tag, textOf] of SOURCES) {
    const text = textOf(slice);
    const head = findWord(text, HEAD);
    if (head !== undefined) return { kind: 'head', tag, word: head };
    const other = findWord(text, OTHER);
    if (other !== undefined) return { kind: 'other', tag, word: other };
    const mostly = findWord(text, MOSTLY_HEAD);
    if (mostly !== undefined) return { kind: 'head', tag, word: mostly };
  }
  return { kind: 'unknown' };
}

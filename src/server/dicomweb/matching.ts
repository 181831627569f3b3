import { type DicomJson, type JsonAttribute, jsonTagOf } from '../../dicom/index.ts';
import { tagNamed } from './attributes.ts';

/** One condition of a search (PS3.18 8.3.4): an attribute, and what its value is to be like. */
export interface Condition {
  readonly tag: string;
  readonly wanted: string;
}

export interface Search {
  readonly conditions: readonly Condition[];
  readonly fuzzy: boolean;
}

/** The tag of a keyword or of a tag's number; undefined for what is neither. */
export const searchTag = (name: string): string | undefined =>
  /^[0-9a-f]{8}$/i.test(name) ? name.toUpperCase() : jsonTagOf(name);

/** Whether all conditions hold. */
export const matches = (attributes: DicomJson, { conditions, fuzzy }: Search): boolean =>
  conditions.every(({ tag, wanted }) => holds(attributes[tag], wanted, fuzzy));

/** By representation; all others as texts with wildcards (PS3.4 C.2.2.2). */
const MATCHERS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  DA: inRange,
  TM: inRange,
  DT: inRange,
  UI: (value, wanted) => wanted.split(/[,\\]/).includes(value),
  CS: (value, wanted) => wanted.split('\\').some((one) => isLike(value, one)),
};

function holds(attribute: JsonAttribute | undefined, wanted: string, fuzzy: boolean): boolean {
  // Matches everything, also what has no value (PS3.4 C.2.2.2.3)
  if (wanted === '' || wanted === '*') return true;
  if (attribute?.Value === undefined) return false;
  if (attribute.vr === 'PN') return attribute.Value.some((name) => isNamed(name, wanted, fuzzy));
  const match = MATCHERS[attribute.vr] ?? isLike;
  return attribute.Value.some((value) => match(String(value ?? ''), wanted));
}

/** `*` and `?` stand for any signs; small and capital letters are alike. In steps of the lengths' product at most. */
function isLike(value: string, wanted: string): boolean {
  const [text, pattern] = [value.toLowerCase(), wanted.toLowerCase()];
  let [t, p] = [0, 0];
  /** Behind the last star, and how much of the text it has taken: it takes more where the rest does not fit. */
  let [starAt, takenTo] = [-1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      [starAt, takenTo] = [++p, t];
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      [t, p] = [t + 1, p + 1];
    } else if (starAt >= 0) {
      [t, p] = [++takenTo, starAt];
    } else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}

/** `20250101`, `20250101-20250131`, `-20250131`, `20250101-`. */
function inRange(value: string, wanted: string): boolean {
  const [, from, to] = /^([\d.]*)-([\d.]*)$/.exec(wanted) ?? [];
  if (from === undefined || to === undefined) return isLike(value, wanted);
  // A time to the minute holds all of its seconds
  return value.slice(0, from.length) >= from && (to === '' || value.slice(0, to.length) <= to);
}

/** Any representation of the name; fuzzily each word begins a word of it, accents apart. */
function isNamed(name: unknown, wanted: string, fuzzy: boolean): boolean {
  const forms = Object.values(typeof name === 'object' && name !== null ? name : {}).map(String);
  if (!fuzzy) return forms.some((form) => isLike(form, wanted));
  const words = wordsOf(wanted);
  return forms.some((form) => words.every((word) => wordsOf(form).some((own) => own.startsWith(word))));
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[\s^=*?,]+/)
    .filter((word) => word !== '');

/** What some viewers ask of studies is an attribute of their series. */
export const asOfStudy = (condition: Condition): Condition =>
  condition.tag === tagNamed('Modality') ? { ...condition, tag: tagNamed('ModalitiesInStudy') } : condition;

import { createHash } from 'node:crypto';

/** What the first line follows. */
export const CHAIN_START = '0'.repeat(64);

const FORM = /^\{"sum":"([0-9a-f]{64})","entry":(.+)\}$/s;

/** A line's checksum covers its entry and the checksum before it: no line can be altered, left out or moved unseen. */
const sumOf = (entryText: string, previous: string): string =>
  createHash('sha256').update(previous).update(entryText).digest('hex');

/** A line of the journal with its end, and its checksum for the next one. */
export function writeLine(entry: unknown, previous: string): { readonly text: string; readonly sum: string } {
  const entryText = JSON.stringify(entry);
  const sum = sumOf(entryText, previous);
  return { text: `{"sum":"${sum}","entry":${entryText}}\n`, sum };
}

/** The checksum that a line states, unchecked; undefined where it is none. */
export const statedSum = (text: string): string | undefined => FORM.exec(text)?.[1];

/** Undefined where the line is not one, was altered, or does not follow the previous checksum. */
export function readLine(
  text: string,
  previous: string,
): { readonly entry: unknown; readonly sum: string } | undefined {
  const [, sum, entryText] = FORM.exec(text) ?? [];
  if (sum === undefined || entryText === undefined || sum !== sumOf(entryText, previous)) return undefined;
  return { entry: JSON.parse(entryText), sum };
}

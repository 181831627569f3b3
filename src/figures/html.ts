import { escapeMarkup } from './markup.ts';

/** Markup that is safe to put into a page as it is; made only by `html` and, for our own SVG, by `trusted`. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: text and numbers are escaped, markup is not, lists are joined, undefined is nothing. */
export type Insert = string | number | Markup | undefined | readonly Insert[];

function toMarkup(insert: Insert): string {
  if (insert === undefined) return '';
  if (typeof insert === 'number' || typeof insert === 'string') return escapeMarkup(String(insert));
  return 'markup' in insert ? insert.markup : insert.map(toMarkup).join('');
}

/** A template whose inserts are escaped unless they are markup: file names and series texts are hostile input. */
export function html(texts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return { markup: texts.map((text, i) => (i === 0 ? text : toMarkup(inserts[i - 1]) + text)).join('') };
}

/** Text that is markup of our own making (charts, legends, the style sheet). */
export function trusted(markup: string): Markup {
  return { markup };
}

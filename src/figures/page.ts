import { RESEARCH_USE } from '../base/index.ts';
import { html, type Markup, trusted } from './html.ts';
import { pageStyle } from './page-style.ts';

export interface PageForm {
  /** Of the window and at the top of the page. */
  readonly title: string;
  /** Rules of this page, after those that all pages share. */
  readonly style?: string;
  /** Of the sheet on a screen; on paper it is as wide as the paper. Default 860. */
  readonly widthPx?: number;
  /** The page loads itself anew after so many seconds. */
  readonly refreshSeconds?: number | undefined;
  /** At the end of the page, after the notice. */
  readonly footer?: string;
}

/** A page may load nothing: pictures are in it, scripts there are none. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A whole document around its sections: one look on screen and paper, and the notice of research use at both ends. */
export function page(form: PageForm, sections: Markup): string {
  const { title, style = '', widthPx = 860, refreshSeconds, footer } = form;
  const refresh =
    refreshSeconds === undefined
      ? undefined
      : html`<meta http-equiv="refresh" content="${refreshSeconds}">\n`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(pageStyle(widthPx) + style)}</style></head>
<body><main>
<header><h1>${title}</h1><span class="research">${RESEARCH_USE}</span></header>
${sections}
<footer class="muted">${[RESEARCH_USE, footer].filter(Boolean).join(' ')}</footer>
</main></body></html>
`.markup;
}

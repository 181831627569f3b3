import { html, type Markup, trusted } from './html.ts';
import { PAGE_STYLE } from './page-style.ts';
import { RESEARCH_USE } from './wording.ts';

/** The page may load nothing: pictures are in it, scripts there are none. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A whole document around its sections. */
export function page(title: string, sections: Markup): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(PAGE_STYLE)}</style></head>
<body><main>
<header><h1>${title}</h1><span class="research">${RESEARCH_USE}</span></header>
${sections}
<footer class="muted">${RESEARCH_USE} Made by a computer program and read by nobody yet.</footer>
</main></body></html>
`.markup;
}

import { RESEARCH_USE } from '../base/index.ts';
import { ALERT, FONT_STACK, INK } from './theme.ts';

/** The look that all pages share, for screen and paper; A4 or Letter, nothing downloaded. */
export const pageStyle = (widthPx: number): string => `
:root { --text: ${INK.text}; --muted: ${INK.muted}; --line: #d5dae0; --alert: ${ALERT}; --calm: #0b3c6f; }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; background: #eef1f4; color: var(--text); font: 14px/1.45 ${FONT_STACK}; }
main { max-width: ${widthPx}px; margin: 24px auto; padding: 28px 36px 20px; background: #fff; box-shadow: 0 1px 4px #0002; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 2px 16px; border-bottom: 2px solid var(--text); padding-bottom: 6px; }
h1 { font-size: 19px; margin: 0; }
h2 { font-size: 14px; margin: 22px 0 6px; padding-bottom: 3px; border-bottom: 1px solid var(--line); break-after: avoid; }
h3 { font-size: 12.5px; margin: 12px 0 4px; break-after: avoid; }
p { margin: 4px 0; }
.research { color: var(--alert); font-weight: 600; font-size: 12.5px; }
.muted, figcaption { color: var(--muted); font-size: 12px; }
.warning { background: #fff6e0; border-left: 4px solid #d39b00; padding: 8px 12px; }
code { font: 11px/1.4 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: var(--muted); overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid #e9edf1; vertical-align: top; font-weight: 400; }
tr { break-inside: avoid; }
thead th { color: var(--muted); font-size: 11.5px; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); font-size: 12px; padding: 6px 0 2px; break-after: avoid; }
figure { margin: 0; break-inside: avoid; }
figure svg { max-width: 100%; height: auto; }
a { color: var(--calm); }
footer { margin-top: 22px; padding-top: 6px; border-top: 1px solid var(--line); }
@media (max-width: 640px) { main { padding: 16px; margin: 0; } }
@page { margin: 13mm 13mm 15mm; @bottom-left { content: "${RESEARCH_USE}"; font: 8pt ${FONT_STACK}; color: ${INK.muted}; } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt ${FONT_STACK}; color: ${INK.muted}; } }
@media print {
  body { background: #fff; font-size: 9.5pt; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  table { font-size: 9pt; } .muted, figcaption, caption { font-size: 8pt; }
  a { color: inherit; text-decoration: none; }
}
`;

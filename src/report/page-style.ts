import { ALERT, FONT_STACK, INK } from '../figures/index.ts';

/** One style sheet for screen and paper; A4 or Letter, nothing downloaded. */
export const PAGE_STYLE = `
:root { --text: ${INK.text}; --muted: ${INK.muted}; --line: #d5dae0; --alert: ${ALERT}; --calm: #0b3c6f; }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; background: #eef1f4; color: var(--text); font: 14px/1.45 ${FONT_STACK}; }
main { max-width: 860px; margin: 24px auto; padding: 28px 36px 20px; background: #fff; box-shadow: 0 1px 4px #0002; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 2px 16px; border-bottom: 2px solid var(--text); padding-bottom: 6px; }
h1 { font-size: 19px; margin: 0; }
h2 { font-size: 14px; margin: 22px 0 6px; padding-bottom: 3px; border-bottom: 1px solid var(--line); break-after: avoid; }
h3 { font-size: 12.5px; margin: 12px 0 4px; break-after: avoid; }
p { margin: 4px 0; }
.research { color: var(--alert); font-weight: 600; font-size: 12.5px; }
.muted, figcaption { color: var(--muted); font-size: 12px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
code { font: 11px/1.4 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: var(--muted); overflow-wrap: anywhere; }
.finding { margin: 14px 0; padding: 10px 16px 12px; border: 1px solid var(--line); border-left: 6px solid var(--calm); break-inside: avoid; }
.finding.positive { border-left-color: var(--alert); }
.finding .verdict { margin: 0; font-size: 12px; font-weight: 700; letter-spacing: .06em; text-transform: uppercase; color: var(--calm); }
.finding.positive .verdict { color: var(--alert); }
.finding .line { font-size: 17px; font-weight: 600; margin: 2px 0 4px; }
.finding .more { font-size: 13px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid #e9edf1; vertical-align: top; font-weight: 400; }
tr { break-inside: avoid; }
thead th { color: var(--muted); font-size: 11.5px; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.probabilities th[scope=row] { width: 36%; }
.probabilities tr.positive th, .probabilities tr.positive td { font-weight: 650; }
.abbreviation { color: var(--muted); font-weight: 400; font-size: 11.5px; }
.bar-cell { width: 38%; padding-left: 8px; }
.bar { display: block; width: 100%; height: 10px; margin-top: 5px; }
.facts { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 24px; margin: 8px 0; font-size: 12px; }
.facts div { display: flex; gap: 8px; }
.facts dt { color: var(--muted); flex: 0 0 92px; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0; break-inside: avoid; }
.chart svg { width: 100%; height: auto; display: block; }
.legend svg { max-width: 100%; height: auto; display: block; margin: 4px 0; }
.montage { display: grid; grid-template-columns: 1fr 1fr; gap: 12px 14px; margin-top: 8px; }
.pictures { display: flex; gap: 3px; background: #000; }
.picture { position: relative; flex: 1 1 0; line-height: 0; }
.picture img { width: 100%; height: auto; display: block; }
.edge { position: absolute; top: 50%; transform: translateY(-50%); color: #fff; font: 600 11px/1 ${FONT_STACK}; text-shadow: 0 0 3px #000, 0 0 3px #000; }
.edge.left { left: 4px; } .edge.right { right: 4px; }
.pair figcaption { color: var(--text); padding-top: 3px; }
.alert { color: var(--alert); }
.severity { width: 74px; font-weight: 600; font-size: 12px; }
.severity.refused, .severity.warned, .severity.failed { color: var(--alert); }
.severity.noted { color: var(--muted); font-weight: 400; }
.checks .text { margin-right: 4px; }
.concerned { overflow-wrap: anywhere; }
.card th { width: 46%; }
.card td, .card th { padding-top: 2px; padding-bottom: 2px; }
caption { text-align: left; color: var(--muted); font-size: 12px; padding: 6px 0 2px; break-after: avoid; }
a { color: var(--calm); }
footer { margin-top: 22px; padding-top: 6px; border-top: 1px solid var(--line); }
@media (max-width: 640px) { main { padding: 16px; margin: 0; } .montage, .facts { grid-template-columns: 1fr; } }
@page { margin: 13mm 13mm 15mm; @bottom-left { content: "Research use only. Not a medical device."; font: 8pt ${FONT_STACK}; color: #59636e; } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt ${FONT_STACK}; color: #59636e; } }
@media print {
  body { background: #fff; font-size: 9.5pt; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  .finding .line { font-size: 12.5pt; }
  .montage-section { break-before: page; }
  table { font-size: 9pt; } .facts, .muted, figcaption, caption { font-size: 8pt; }
  a { color: inherit; text-decoration: none; }
}
`;

import { FONT_STACK } from '../figures/index.ts';

/** What reports and batch summaries add to the look of every page. */
export const REPORT_STYLE = `
:root { --doubt: #8a5a00; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.finding { margin: 14px 0; padding: 10px 16px 12px; border: 1px solid var(--line); border-left: 6px solid var(--calm); break-inside: avoid; }
.finding.positive { border-left-color: var(--alert); }
.finding .verdict { margin: 0; font-size: 12px; font-weight: 700; letter-spacing: .06em; text-transform: uppercase; color: var(--calm); }
.finding.positive .verdict { color: var(--alert); }
.finding.disagreement { border-left-color: var(--doubt); background: #fff9ec; }
.finding.disagreement .verdict, .state.disagreement { color: var(--doubt); }
.state { width: 96px; color: var(--calm); font-weight: 600; font-size: 12px; } .state.positive { color: var(--alert); }
.finding .line { font-size: 17px; font-weight: 600; margin: 2px 0 4px; }
.finding .more { font-size: 13px; }
.probabilities th[scope=row] { width: 36%; }
.probabilities tr.positive th, .probabilities tr.positive td { font-weight: 650; }
.abbreviation { color: var(--muted); font-weight: 400; font-size: 11.5px; }
.bar-cell { width: 38%; padding-left: 8px; }
.bar { display: block; width: 100%; height: 10px; margin-top: 5px; }
.facts { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 24px; margin: 8px 0; font-size: 12px; }
.facts div { display: flex; gap: 8px; }
.facts dt { color: var(--muted); flex: 0 0 92px; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.chart svg { width: 100%; height: auto; display: block; }
.legend svg { max-width: 100%; height: auto; display: block; margin: 4px 0; }
.montage { display: grid; gap: 10px; margin-top: 8px; }
.slice { display: grid; grid-template-columns: 1fr 176px; gap: 14px; align-items: center; }
.slice.top { grid-template-columns: 1fr; gap: 3px; }
.pictures { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 3px; }
.picture { position: relative; line-height: 0; background: #000; }
.picture img { width: 100%; height: auto; display: block; }
.picture.none { display: flex; align-items: center; padding: 14px; background: #f3f5f7; color: var(--muted); font-size: 12px; line-height: 1.4; text-align: center; }
.edge { position: absolute; color: #fff; font: 600 11px/1 ${FONT_STACK}; text-shadow: 0 0 3px #000, 0 0 3px #000; }
.edge.left, .edge.right { top: 50%; transform: translateY(-50%); } .edge.top, .edge.bottom { left: 50%; transform: translateX(-50%); }
.edge.left { left: 4px; } .edge.right { right: 4px; } .edge.top { top: 4px; } .edge.bottom { bottom: 4px; }
.slice figcaption { color: var(--text); } .slice figcaption b { white-space: nowrap; }
.alert { color: var(--alert); }
.severity { width: 74px; font-weight: 600; font-size: 12px; }
.severity.refused, .severity.warned, .severity.failed { color: var(--alert); }
.severity.noted { color: var(--muted); font-weight: 400; }
.checks .text { margin-right: 4px; }
.concerned { overflow-wrap: anywhere; }
.card th { width: 46%; }
.card td, .card th { padding-top: 2px; padding-bottom: 2px; }
@media (max-width: 640px) { .slice, .facts { grid-template-columns: 1fr; } }
@media print {
  .finding .line { font-size: 12.5pt; }
  .chart svg { width: 76%; }
  .montage-section { break-before: page; }
  .montage { max-width: 71%; gap: 5px; } .slice { grid-template-columns: 1fr 132px; }
  .facts, .card { font-size: 8pt; }
  .card td, .card th { padding-top: 1px; padding-bottom: 1px; }
}
`;

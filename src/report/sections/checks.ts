import { html, type Markup } from '../../figures/index.ts';
import type { Prediction } from '../../prediction/index.ts';
import { counted, slicesText } from '../wording.ts';

type PredictionCheck = Prediction['checks'][number];

/** The gravest first; within a severity in the order found. */
const SEVERITIES = ['refused', 'warned', 'noted'] as const;

/** File names that a row spells out; the rest are counted (all are in prediction.json). */
const NAMED_FILES = 3;

function filesText(files: readonly string[] = []): string {
  if (files.length <= NAMED_FILES) return files.join(', ');
  return `${files.slice(0, NAMED_FILES).join(', ')} and ${files.length - NAMED_FILES} more`;
}

function row({ code, severity, text, files, slices }: PredictionCheck): Markup {
  const concerned = [slices?.length ? slicesText(slices) : '', filesText(files)].filter(
    (words) => words !== '',
  );
  return html`<tr><td class="severity ${severity}">${severity}</td><td><span class="text">${text}</span> <code>${code}</code>${
    concerned.length > 0 ? html`<br><span class="muted concerned">${concerned.join('; ')}</span>` : undefined
  }</td></tr>`;
}

/** What was found while the study was read. */
export function checksSection(checks: readonly PredictionCheck[]): Markup {
  if (checks.length === 0)
    return html`<section><h2>Checks</h2><p class="muted">Nothing odd was found in the study.</p></section>`;
  const ordered = SEVERITIES.flatMap((severity) => checks.filter((check) => check.severity === severity));
  const counts = SEVERITIES.flatMap((severity) => {
    const count = checks.filter((check) => check.severity === severity).length;
    return count > 0 ? `${count} ${severity}` : [];
  });
  return html`<section><h2>Checks of the study</h2><p class="muted">${counted(checks.length, 'check')}: ${counts.join(', ')}.</p>
<table class="checks"><tbody>${ordered.map(row)}</tbody></table></section>`;
}

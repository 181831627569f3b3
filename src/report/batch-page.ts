import { html, type Markup } from '../figures/index.ts';
import {
  type BatchRow,
  batchText,
  checkText,
  type FoundCheck,
  furtherChecks,
  studyNameOf,
} from './batch-row.ts';
import { readingPage } from './page.ts';
import { counted, probabilityText } from './wording.ts';

const OUTCOMES = ['predicted', 'refused', 'failed'] as const;

function verdict(row: BatchRow): Markup {
  if (row.outcome !== 'predicted')
    return html`<td class="severity ${row.outcome}">${row.outcome}</td><td></td>`;
  const { positive, probability } = row.prediction.anyHemorrhage;
  return html`<td class="${positive ? 'alert' : 'calm'}">${positive ? 'positive' : 'negative'}</td><td class="number">${probabilityText(probability)}</td>`;
}

function line(row: BatchRow): Markup {
  const name = studyNameOf(row) ?? '';
  const link =
    row.outcome === 'predicted'
      ? html`<a href="${encodeURI(row.folder)}/report.html">${name}</a>`
      : html`${name}`;
  return html`<tr><td class="concerned">${row.input}<br><span class="muted">${link}</span></td>${verdict(row)}<td>${batchText(row)}${furtherChecks(row).map(further)}</td></tr>`;
}

const further = (check: FoundCheck): Markup => html`<br><span class="muted">${checkText(check)}</span>`;

/** What is suspected first, then what nobody has looked at, then what is negative. */
function urgency(row: BatchRow): number {
  if (row.outcome !== 'predicted') return 1;
  return row.prediction.anyHemorrhage.positive ? 0 : 2;
}

const probabilityOf = (row: BatchRow): number =>
  row.outcome === 'predicted' ? row.prediction.anyHemorrhage.probability : 0;

const ENDED_EARLY =
  'The batch ended before its last study: those that it had not come to are not in this table.';

/** summary.html of a batch: a row a study, those that could not be predicted among them; the most urgent first. */
export function batchPage(
  rows: readonly BatchRow[],
  { endedEarly = false }: { readonly endedEarly?: boolean } = {},
): string {
  const inOrder = rows.toSorted((a, b) => urgency(a) - urgency(b) || probabilityOf(b) - probabilityOf(a));
  const counts = OUTCOMES.flatMap((outcome) => {
    const count = rows.filter((row) => row.outcome === outcome).length;
    return count > 0 ? `${count} ${outcome}` : [];
  });
  const positive = rows.filter(
    (row) => row.outcome === 'predicted' && row.prediction.anyHemorrhage.positive,
  ).length;
  return readingPage(
    'Ichor: summary of a batch',
    html`<p>${counted(rows.length, 'row')}, a study each: ${counts.join(', ')}; ${positive} ICH positive.</p>
${endedEarly ? html`<p>${ENDED_EARLY}</p>` : undefined}<table class="batch"><thead><tr><th scope="col">Input and study</th><th scope="col">ICH</th><th scope="col" class="number">Probability</th><th scope="col">Finding or reason</th></tr></thead>
<tbody>${inOrder.map(line)}</tbody></table>`,
  );
}

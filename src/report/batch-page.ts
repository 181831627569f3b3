import { html, type Markup } from '../figures/index.ts';
import {
  type BatchRow,
  batchText,
  checkText,
  type FoundCheck,
  furtherChecks,
  studyNameOf,
} from './batch-row.ts';
import { type FindingState, findingState, STATE_WORDS, STATES } from './finding-state.ts';
import { readingPage } from './page.ts';
import { counted, namedPointText, probabilityText } from './wording.ts';

const OUTCOMES = ['predicted', 'refused', 'failed'] as const;

function verdict(row: BatchRow): Markup {
  if (row.outcome !== 'predicted')
    return html`<td class="severity ${row.outcome}">${row.outcome}</td><td></td>`;
  const state = findingState(row.prediction);
  return html`<td class="state ${state}">${STATE_WORDS[state]}</td><td class="number">${probabilityText(probabilityOf(row))}</td>`;
}

function line(row: BatchRow, foldersAt: string): Markup {
  const name = studyNameOf(row) ?? '';
  const link =
    row.outcome === 'predicted'
      ? html`<a href="${foldersAt}${encodeURI(row.folder)}/report.html">${name}</a>`
      : html`${name}`;
  return html`<tr><td class="concerned">${row.input}<br><span class="muted">${link}</span></td>${verdict(row)}<td>${batchText(row)}${furtherChecks(row).map(further)}</td></tr>`;
}

const further = (check: FoundCheck): Markup => html`<br><span class="muted">${checkText(check)}</span>`;

type Place = FindingState | 'unread';

const placeOf = (row: BatchRow): Place =>
  row.outcome === 'predicted' ? findingState(row.prediction) : 'unread';

/** What is suspected first, then where slices contradict the subject, then what nobody has looked at. */
const PLACES: readonly Place[] = ['positive', 'disagreement', 'unread', 'below'];

const probabilityOf = (row: BatchRow): number =>
  row.outcome === 'predicted' ? row.prediction.anyHemorrhage.probability : 0;

/** Each operating point that spoke, and what it missed where it was measured. */
function missesOf(rows: readonly BatchRow[]): string[] {
  const texts = rows.flatMap((row) => {
    if (row.outcome !== 'predicted' || row.prediction.operatingPointMisses === undefined) return [];
    return [`Operating point ${namedPointText(row.prediction)}. ${row.prediction.operatingPointMisses}`];
  });
  return [...new Set(texts)];
}

const ENDED_EARLY =
  'The batch ended before its last study: those that it had not come to are not in this table.';

export interface BatchPageOptions {
  readonly endedEarly?: boolean;
  /** Of the one run that the page tells of; without it, the page is of all that a folder holds. */
  readonly startedAt?: Date;
  /** Where the studies' folders lie, seen from the page: `../`. */
  readonly foldersAt?: string;
}

const ofOneRun = (startedAt: Date): string =>
  `One run, started at ${startedAt.toISOString()}. A report that is linked here is the latest of its study, perhaps of a later run.`;

/** summary.html of a batch: a row per study, those that could not be predicted among them; the most urgent first. */
export function batchPage(
  rows: readonly BatchRow[],
  { endedEarly = false, startedAt, foldersAt = '' }: BatchPageOptions = {},
): string {
  const inOrder = PLACES.flatMap((place) =>
    rows.filter((row) => placeOf(row) === place).toSorted((a, b) => probabilityOf(b) - probabilityOf(a)),
  );
  const counts = OUTCOMES.flatMap((outcome) => {
    const count = rows.filter((row) => row.outcome === outcome).length;
    return count > 0 ? `${count} ${outcome}` : [];
  });
  const found = (state: FindingState) =>
    `${rows.filter((row) => placeOf(row) === state).length} ${STATE_WORDS[state]}`;
  return readingPage(
    'Ichor: summary of a batch',
    html`<p>${counted(rows.length, 'row')}, one per study: ${counts.join(', ')}. ICH: ${STATES.map(found).join(', ')}.</p>
${startedAt && html`<p>${ofOneRun(startedAt)}</p>`}${missesOf(rows).map((text) => html`<p>${text}</p>`)}${endedEarly ? html`<p>${ENDED_EARLY}</p>` : undefined}<table class="batch"><thead><tr><th scope="col">Input and study</th><th scope="col">ICH</th><th scope="col" class="number">Probability</th><th scope="col">Finding or reason</th></tr></thead>
<tbody>${inOrder.map((row) => line(row, foldersAt))}</tbody></table>`,
  );
}

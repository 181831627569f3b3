import { html, type Insert, type Markup, page, trusted } from '../../figures/index.ts';
import type { TaskName } from '../../network/index.ts';
import { epochWords } from './epoch-words.ts';
import type { EpochEntry } from './log-entry.ts';
import { differencesFromPaper, settingsInUse, type TrainingSettings } from './settings.ts';

/** Where a network's training stands. */
export interface TaskProgress {
  readonly task: TaskName;
  /** The stage before the epochs, where there is one. */
  readonly frozen?: StageProgress;
  /** Absent before the first epoch's end. */
  readonly epochs?: StageProgress;
}

interface StageProgress {
  /** SVG. */
  readonly curves: string;
  readonly last: EpochEntry;
}

const REFRESH_SECONDS = 10;

/** How a run stands; a fault by its code. */
export type RunState = 'going-on' | 'over' | 'stopped' | { readonly fault: string };

const STATES = {
  'going-on': `Goes on; this page loads itself anew every ${REFRESH_SECONDS} seconds.`,
  over: 'The training is over.',
  stopped: 'Stopped. The same command goes on from the last checkpoint (ichor train: with --resume).',
} as const;

const stateText = (state: RunState): string =>
  typeof state === 'string'
    ? STATES[state]
    : `Ended by a fault, ${state.fault}: the command's last line says what to do.`;

const STYLE = '.settings { width: auto; } .settings td { padding: 2px 14px 2px 0; border: 0; }';

/** A run as one page, without outside references, that loads itself anew while the training goes on. */
export function runPage(settings: TrainingSettings, tasks: readonly TaskProgress[], state: RunState): string {
  const inUse = settingsInUse(settings);
  const title = `Training ${[settings.network, inUse.supervision].filter(Boolean).join(', ')}`;
  const refreshSeconds = state === 'going-on' ? REFRESH_SECONDS : undefined;
  const rows = Object.entries(inUse).map(
    ([setting, value]) =>
      html`<tr><td>${setting}</td><td>${typeof value === 'object' ? JSON.stringify(value) : String(value)}</td></tr>`,
  );
  const shown: Insert =
    tasks.length === 0 ? html`<p>No epoch has ended yet.</p>` : tasks.map(taskHtml(settings));
  return page(
    { title, style: STYLE, widthPx: 960, refreshSeconds },
    html`<p class="muted">${stateText(state)}</p>
<p class="warning">The validation patients chose the epoch: their figures do not hold for unseen patients.</p>
${shown}
<h2>Differences from the paper's preset</h2><ul>${differencesFromPaper(settings).map((text) => html`<li>${text}</li>`)}</ul>
<h2>Settings</h2><table class="settings">${rows}</table>`,
  );
}

const taskHtml =
  (settings: TrainingSettings) =>
  ({ task, frozen, epochs }: TaskProgress): Markup =>
    html`<h2>${task}</h2>${frozen && frozenHtml(frozen, settings)}${epochs && epochsHtml(epochs, settings)}`;

const frozenHtml = (
  { last, curves }: StageProgress,
  { frozen }: TrainingSettings,
): Markup => html`<p>Convolutions frozen: epoch ${last.epoch + 1} of ${frozen.epochs}. ${lossesText(last)}</p>
${trusted(curves)}`;

function epochsHtml(
  { last, curves }: StageProgress,
  { mostEpochs, patienceEpochs }: TrainingSettings,
): Markup {
  const since = last.epoch - last.best;
  return html`<p>Epoch ${last.epoch + 1} of at most ${mostEpochs}; best so far ${epochWords(last.best)}, ${since} of ${patienceEpochs} epochs of patience used. ${lossesText(last)}</p>
${trusted(curves)}`;
}

const lossesText = ({ trainingLoss, validationLoss }: EpochEntry): string =>
  `Training loss ${trainingLoss.toFixed(4)}, validation loss ${validationLoss.toFixed(4)}.`;

import { escapeMarkup } from '../../figures/index.ts';
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

const STYLE = `body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; margin: 0 auto; max-width: 960px; padding: 24px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 28px 0 4px; } td { padding: 2px 14px 2px 0; vertical-align: top; }
.note { color: #4a535d; } .warning { background: #fff6e0; border-left: 4px solid #d39b00; padding: 8px 12px; }`;

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

/** A run as one page, without outside references, that loads itself anew while the training goes on. */
export function runPage(settings: TrainingSettings, tasks: readonly TaskProgress[], state: RunState): string {
  const refresh = state === 'going-on' ? `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : '';
  const inUse = settingsInUse(settings);
  const name = [settings.network, inUse.supervision].filter(Boolean).join(', ');
  const rows = Object.entries(inUse).map(
    ([setting, value]) =>
      `<tr><td>${escapeMarkup(setting)}</td><td>${escapeMarkup(typeof value === 'object' ? JSON.stringify(value) : String(value))}</td></tr>`,
  );
  const differences = differencesFromPaper(settings).map((text) => `<li>${escapeMarkup(text)}</li>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>Training ${escapeMarkup(settings.network)}</title><style>${STYLE}</style></head><body>
<h1>Training ${escapeMarkup(name)}</h1>
<p class="note">${escapeMarkup(stateText(state))}</p>
<p class="warning">Research software, not a medical device. The validation patients chose the epoch: their figures are no figures for unseen patients.</p>
${tasks.map((task) => taskHtml(task, settings)).join('\n') || '<p>No epoch has ended yet.</p>'}
<h2>Differences from the paper's preset</h2><ul>${differences.join('')}</ul>
<h2>Settings</h2><table>${rows.join('')}</table>
</body></html>
`;
}

function taskHtml({ task, frozen, epochs }: TaskProgress, settings: TrainingSettings): string {
  return `<h2>${task}</h2>${frozen ? frozenHtml(frozen, settings) : ''}${epochs ? epochsHtml(epochs, settings) : ''}`;
}

const frozenHtml = (
  { last, curves }: StageProgress,
  { frozen }: TrainingSettings,
): string => `<p>Convolutions frozen: epoch ${last.epoch + 1} of ${frozen.epochs}. ${lossesText(last)}</p>
${curves}`;

function epochsHtml(
  { last, curves }: StageProgress,
  { mostEpochs, patienceEpochs }: TrainingSettings,
): string {
  const since = last.epoch - last.best;
  return `<p>Epoch ${last.epoch + 1} of at most ${mostEpochs}; best so far ${epochWords(last.best)}, ${since} of ${patienceEpochs} epochs of patience used. ${lossesText(last)}</p>
${curves}`;
}

const lossesText = ({ trainingLoss, validationLoss }: EpochEntry): string =>
  `Training loss ${trainingLoss.toFixed(4)}, validation loss ${validationLoss.toFixed(4)}.`;

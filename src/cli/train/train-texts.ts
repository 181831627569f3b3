import { RESEARCH_USE } from '../../base/index.ts';
import { epochWords, type LeftOutStudy, type TrainResult } from '../../training/index.ts';
import { warnLines } from '../terminal/print.ts';

/** How many are named on the terminal. */
const MOST_NAMED = 3;

export function tellLeftOut(leftOut: readonly LeftOutStudy[]): void {
  if (leftOut.length === 0) return;
  const named = leftOut.slice(0, MOST_NAMED).map(({ study, why }) => `${study}: ${why}`);
  const all = leftOut.length > MOST_NAMED ? '; settings.json names all' : '';
  warnLines([`left out: ${leftOut.length} studies (${named.join('; ')}${all})`]);
}

export function resultText({ networks, model }: TrainResult, folder: string): string {
  const lines = Object.entries(networks).map(
    ([task, { best, epochs, ended }]) =>
      `${task}: best validation loss ${best.loss.toFixed(4)} in epoch ${epochWords(best.epoch)} of ${epochs} (${ended === 'patience' ? 'patience ended' : 'cut at the epoch cap before its patience ended'})`,
  );
  const modelLine =
    model === undefined ? 'no model file: it takes both tasks of the cnn-rnn' : `model file: ${model}`;
  return `${[...lines, modelLine, `log and curves: ${folder}`, RESEARCH_USE].join('\n')}\n`;
}

import { click } from '../by-id.ts';
import type { KeyAction } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import type { ListedStudy, LocalState } from './local-state.ts';
import type { LocalActions } from './use-engine.ts';

const words = WORDS.local.keys;

/** What stands on the page beside the pictures; a key does what a click on it does. */
const PARTS = [
  { id: 'choose-files', key: 'u', words: words.chooseFiles },
  { id: 'choose-folder', key: 'U', words: words.chooseFolder },
  { id: 'stop', key: 'X', words: words.stop },
  { id: 'diagnostics', key: 'D', words: words.diagnostics },
  { id: 'copy-diagnostics', key: 'C', words: words.copy },
  { id: 'report', key: 'P', words: words.report },
  { id: 'prediction', key: 'J', words: words.prediction },
] as const;
export type PartId = (typeof PARTS)[number]['id'];

const rows = (...ids: readonly PartId[]): KeyAction[] =>
  PARTS.filter(({ id }) => ids.includes(id)).map(({ id, key, words }) => ({
    keys: [key],
    words,
    run: click(id),
  }));

/** Those of a study that is shown. */
export const DOWNLOAD_KEYS: readonly KeyAction[] = rows('report', 'prediction');

/** Those of the page as it is now. */
export function localKeys({ studies, chosen, isWorking }: LocalState, actions: LocalActions): KeyAction[] {
  const step = (by: 1 | -1) => (): void => {
    const next = studyBeside(studies, chosen, by);
    if (next !== undefined) actions.choose(next);
  };
  const isEmpty = studies.length === 0 && !isWorking;
  return [
    ...rows('choose-files', 'choose-folder'),
    ...(isWorking ? rows('stop') : []),
    ...(isEmpty ? [] : rows('diagnostics', 'copy-diagnostics')),
    ...(studies.some(isPredicted)
      ? [
          { keys: ['N'], words: words.next, run: step(1) },
          { keys: ['B'], words: words.before, run: step(-1) },
        ]
      : []),
  ];
}

const isPredicted = ({ outcome }: ListedStudy): boolean => outcome.kind === 'predicted';

/** The next predicted study of the list, or the one before; undefined at its end. Pure. */
export function studyBeside(
  studies: readonly ListedStudy[],
  chosen: number | undefined,
  by: 1 | -1,
): number | undefined {
  const predicted = studies.filter(isPredicted).map(({ study }) => study);
  const at = chosen === undefined ? -1 : predicted.indexOf(chosen);
  return at < 0 ? predicted[0] : predicted[at + by];
}

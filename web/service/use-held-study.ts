import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import { firstSlice, type ModelSummary } from '../../src/report/index.ts';
import { NO_MAPS, type ShownMaps, type ShownStudy } from '../study/shown-study.ts';
import { whileAway } from '../while-away.ts';
import { askModel, askPrediction, askStudy, type HeldStudy } from './held-study.ts';
import { type Pictures, readPictures } from './read-pictures.ts';
import { Readers } from './readers.ts';
import { resultAddress } from './study-address.ts';
import type { WorklistItem } from './worklist-items.ts';

export interface StudyOnPage {
  readonly held?: HeldStudy;
  /** There before the pictures are, and where they cannot be shown. */
  readonly prediction?: Prediction;
  /** What its card says, where the result has it. */
  readonly model?: ModelSummary;
  readonly pictures?: Pictures;
  readonly maps?: ShownMaps;
  readonly fault?: string;
  /** The service does not answer; it is asked again. */
  readonly isAway?: boolean;
  /** Where a newer result is on its way; what is shown is the one before. */
  readonly underWay?: HeldStudy['state'];
}

/** How what is on the page changes. */
type Tell = (change: (before: StudyOnPage) => StudyOnPage) => void;

const AT_END: readonly HeldStudy['state'][] = ['done', 'refused', 'failed'];

/**
 * A study with its pictures, asked anew when its state or its result changes: the slice that is looked at first comes first.
 * @param item what the list says of it
 * @param slice that an address names
 */
export function useHeldStudy(study: string, item: WorklistItem | undefined, slice: number | undefined) {
  const [onPage, setOnPage] = useState<StudyOnPage>({});
  const lookedAt = useRef(slice);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state, or another result
  useEffect(() => {
    const ending = new AbortController();
    const tell: Tell = (change) => {
      // Drawn in pieces, which keys and pointers interrupt
      startTransition(() => {
        if (!ending.signal.aborted) setOnPage(change);
      });
    };
    // Whatever it was, it is asked anew
    setOnPage(({ fault: _, ...before }) => before);
    load(study, lookedAt, ending.signal, tell).catch((thrown: unknown) =>
      tell((before) => ({ ...before, fault: messageOf(thrown) })),
    );
    return () => ending.abort();
  }, [study, item?.state, item?.result]);
  useVerdictOfOthers(study, item?.verdict?.at, setOnPage);
  const lookAt = useCallback((at: number): void => {
    lookedAt.current = at;
  }, []);
  const { prediction, pictures, maps } = onPage;
  const shown = useMemo(
    (): ShownStudy | undefined => prediction && pictures && { prediction, ...pictures, ...maps },
    [prediction, pictures, maps],
  );
  return { ...onPage, shown, lookAt };
}

async function load(
  study: string,
  lookedAt: { current: number | undefined },
  signal: AbortSignal,
  tell: Tell,
): Promise<void> {
  const readers = new Readers(signal);
  const asking = { signal, onAway: () => tell((before) => ({ ...before, isAway: true })) };
  const held = await whileAway(() => askStudy(study), asking);
  const hasResult = held.files.includes('prediction.json');
  tell((before) => {
    if (before.prediction === undefined) return { held };
    // A result that is on its way takes nothing from who reads the one before
    if (hasResult) return { ...before, isAway: false };
    return AT_END.includes(held.state) ? { held } : { ...before, underWay: held.state, isAway: false };
  });
  if (!hasResult) return;
  const prediction = await whileAway(() => askPrediction(study), asking);
  const first = firstSlice(prediction);
  const asked = { held, prediction, signal, lookedAt: () => lookedAt.current ?? first };
  let whole: StudyOnPage = { held, prediction };
  /** Shown with its first pictures: what is said of one result never stands beside another one. */
  const add = (more: StudyOnPage): void => {
    whole = { ...whole, ...more };
    if (whole.pictures ?? whole.fault) tell(() => whole);
  };
  await Promise.all([
    readPictures(asked, readers, (pictures) => add({ pictures })),
    whileAway(() => askMaps(held, readers), { signal }).then((maps) => add({ maps })),
    whileAway(() => askModel(held), { signal }).then((model) => model && add({ model })),
  ]).catch((thrown: unknown) => add({ fault: messageOf(thrown) }));
}

/** What other readers, and this one elsewhere, said of the result that is shown. */
function useVerdictOfOthers(
  study: string,
  verdictAt: string | undefined,
  setOnPage: (change: (before: StudyOnPage) => StudyOnPage) => void,
): void {
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another verdict counts
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const ending = new AbortController();
    const { signal } = ending;
    whileAway(() => askStudy(study), { signal }).then(
      (held) => {
        const isSame = (before: StudyOnPage): boolean => before.held?.result === held.result;
        if (!signal.aborted) setOnPage((before) => (isSame(before) ? { ...before, held } : before));
      },
      // What a refusal means, the list tells
      () => {},
    );
    return () => ending.abort();
  }, [study, verdictAt]);
}

/** The maps of a result that has some; parsed away from the page, they are megabytes of text. */
async function askMaps({ studyInstanceUid, files }: HeldStudy, readers: Readers): Promise<ShownMaps> {
  if (!files.includes('heat-maps.json')) return NO_MAPS;
  const address = new URL(resultAddress(studyInstanceUid, 'heat-maps.json'), document.baseURI).href;
  return readers.ask('maps', { address });
}

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
import { whyNoPictures } from './why-no-pictures.ts';

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
}

/**
 * A study with its pictures, asked anew when its state changes: the slice that is looked at first comes first.
 * @param slice that an address names
 */
export function useHeldStudy(study: string, state: string | undefined, slice: number | undefined) {
  const [onPage, setOnPage] = useState<StudyOnPage>({});
  const lookedAt = useRef(slice);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is another result
  useEffect(() => {
    const ending = new AbortController();
    const tell = (more: StudyOnPage): void => {
      // Drawn in pieces, which keys and pointers interrupt
      startTransition(() => {
        if (!ending.signal.aborted) setOnPage((before) => ({ ...before, ...more }));
      });
    };
    // Whatever it was, it is asked anew
    setOnPage(({ fault: _, ...before }) => before);
    load(study, lookedAt, ending.signal, tell).catch((thrown: unknown) => tell({ fault: messageOf(thrown) }));
    return () => ending.abort();
  }, [study, state]);
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
  tell: (more: StudyOnPage) => void,
): Promise<void> {
  const readers = new Readers(signal);
  const asking = { signal, onAway: () => tell({ isAway: true }) };
  const held = await whileAway(() => askStudy(study), asking);
  tell({ held, isAway: false });
  if (!held.files.includes('prediction.json')) return;
  const prediction = await whileAway(() => askPrediction(study), asking);
  tell({ prediction, isAway: false });
  const why = whyNoPictures(held, prediction);
  if (why !== undefined) throw new Error(why);
  const first = firstSlice(prediction);
  const asked = { held, prediction, signal, lookedAt: () => lookedAt.current ?? first };
  await Promise.all([
    readPictures(asked, readers, (pictures) => tell({ pictures })),
    whileAway(() => askMaps(held, readers), { signal }).then((maps) => tell({ maps })),
    whileAway(() => askModel(held), { signal }).then((model) => model && tell({ model })),
  ]);
}

/** The maps of a result that has some; parsed away from the page, they are megabytes of text. */
async function askMaps({ studyInstanceUid, files }: HeldStudy, readers: Readers): Promise<ShownMaps> {
  if (!files.includes('heat-maps.json')) return NO_MAPS;
  const address = new URL(resultAddress(studyInstanceUid, 'heat-maps.json'), document.baseURI).href;
  return readers.ask('maps', { address });
}

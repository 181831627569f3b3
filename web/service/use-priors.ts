import { useEffect, useState } from 'react';
import { z } from 'zod';
import { messageOf } from '../../src/base/index.ts';
import type { Prior, PriorsOnPage } from '../study/prior.ts';
import { type Pane, slicesDone } from '../study/shown-study.ts';
import { whileAway } from '../while-away.ts';
import { WORDS } from '../words.ts';
import { ask } from './ask.ts';
import { askPrediction, askStudy, type HeldStudy } from './held-study.ts';
import { offeredFiles, type Pictures, readPictures } from './read-pictures.ts';
import type { ReadSeries } from './reader-messages.ts';
import { type Progress, Readers } from './readers.ts';
import { studyAddress } from './study-address.ts';

const priorsSchema = z.object({
  items: z.array(
    z.object({
      studyInstanceUid: z.string(),
      studyDate: z.string(),
      studyTime: z.string().optional(),
      anyHemorrhage: z.object({ probability: z.number(), positive: z.boolean() }).optional(),
    }),
  ),
  reason: z.object({ text: z.string() }).optional(),
});

type Told = Pick<PriorsOnPage, 'priors' | 'reason'>;
type Reading = Pick<PriorsOnPage, 'pane' | 'progress' | 'fault'>;

/** Earlier studies of the same patient, by the service's word alone, and the one of them that is shown. */
export function usePriors(study: string): PriorsOnPage {
  const [told, setTold] = useState<Told>({});
  const [chosen, setChosen] = useState<Prior>();
  const [reading, setReading] = useState<Reading>({});
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    whileAway(() => askPriors(study, signal), { signal }).then(setTold, (thrown: unknown) => {
      if (!ending.signal.aborted) setTold({ priors: [], reason: messageOf(thrown) });
    });
    return () => ending.abort();
  }, [study]);
  useEffect(() => {
    setReading({});
    if (chosen === undefined) return;
    const ending = new AbortController();
    const tell = (more: Reading): void => {
      if (!ending.signal.aborted) setReading((before) => ({ ...before, ...more }));
    };
    readPrior(study, chosen, ending.signal, tell).catch((thrown: unknown) =>
      tell({ fault: messageOf(thrown) }),
    );
    return () => ending.abort();
  }, [study, chosen]);
  return { ...told, ...reading, ...(chosen && { chosen }), choose: setChosen };
}

async function askPriors(study: string, signal: AbortSignal): Promise<Told> {
  const { items, reason } = await ask(priorsSchema, `${studyAddress(study)}/priors`, signal);
  return { priors: items, ...(reason && { reason: reason.text }) };
}

/** Asked for once more before it is shown: a patient may have been corrected since the list was told. */
async function readPrior(
  study: string,
  { studyInstanceUid }: Prior,
  signal: AbortSignal,
  tell: (more: Reading) => void,
): Promise<void> {
  const { priors = [] } = await whileAway(() => askPriors(study, signal), { signal });
  if (!priors.some((one) => one.studyInstanceUid === studyInstanceUid)) throw new Error(WORDS.prior.other);
  const held = await whileAway(() => askStudy(studyInstanceUid), { signal });
  const readers = new Readers(signal);
  const read = await readWhole(held, readers, signal, (progress) => tell({ progress }));
  const pane: Pane = { ...read, curves: {}, mapClasses: [] };
  tell({ pane });
}

/** Put beside a study once it is whole, and from the slices that were predicted where it was. */
async function readWhole(
  held: HeldStudy,
  readers: Readers,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<ReadSeries> {
  if (!held.files.includes('prediction.json'))
    return whileAway(() => readers.ask('series', { files: offeredFiles(held) }, onProgress), { signal });
  const prediction = await whileAway(() => askPrediction(held.studyInstanceUid), { signal });
  let last: Pictures | undefined;
  await readPictures({ held, prediction, signal, lookedAt: () => 0 }, readers, (pictures) => {
    last = pictures;
    onProgress({ done: slicesDone(pictures), total: pictures.volume.slices });
  });
  if (last === undefined) throw new Error(WORDS.study.otherPictures);
  return { ...last, positionsMm: prediction.slices.map(({ positionMm }) => positionMm) };
}

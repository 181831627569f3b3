import type { Prediction } from '../../src/prediction/index.ts';
import type { OfferedFile } from '../fetched-file.ts';
import { areFrames } from '../study/same-slice.ts';
import type { ShownVolume } from '../study/shown-study.ts';
import { whileAway } from '../while-away.ts';
import { WORDS } from '../words.ts';
import type { HeldStudy } from './held-study.ts';
import { readSlices, type SlicesRead } from './read-slices.ts';
import type { ReadSeries } from './reader-messages.ts';
import type { Readers } from './readers.ts';
import { studyAddress } from './study-address.ts';
import { whyNoPictures } from './why-no-pictures.ts';

/** The pictures of a result as they come. */
export interface Pictures extends Pick<ReadSeries, 'unread'> {
  readonly volume: ShownVolume;
}

export interface PicturesAsked {
  readonly held: HeldStudy;
  readonly prediction: Prediction;
  /** Nobody waits for them any more. */
  readonly signal: AbortSignal;
  /** The slice that a reader looks at, which is read before others. */
  lookedAt(): number;
}

/** Pictures that nobody waits for are told so seldom: each time the page is drawn anew. */
const EVERY_MS = 200;

/**
 * The pictures of a predicted study, from the slice that is looked at outwards; told of again and again until all are there.
 * Throws where there is none at all.
 */
export async function readPictures(
  asked: PicturesAsked,
  readers: Readers,
  onPictures: (pictures: Pictures) => void,
): Promise<void> {
  const { held, prediction } = asked;
  const uids = prediction.slices.map(({ sopInstanceUid }) => sopInstanceUid);
  const files = new Map(offeredFiles(held).map((file) => [file.name, file]));
  const why = whyNoPictures(held, prediction);
  if (why !== undefined) throw new Error(why);
  // Which frame of an object a slice is says only the reader of whole studies
  if (areFrames(prediction)) {
    const { series, slices } = prediction;
    const ask = () => readers.ask('series', { files: [...files.values()], predicted: { series, slices } });
    return onPictures(await whileAway(ask, { signal: asked.signal }));
  }
  await tellSlices(
    asked,
    uids.map((uid) => files.get(uid ?? '')),
    readers,
    onPictures,
  );
}

async function tellSlices(
  { prediction: { series }, lookedAt, signal }: PicturesAsked,
  files: readonly (OfferedFile | undefined)[],
  readers: Readers,
  onPictures: (pictures: Pictures) => void,
): Promise<void> {
  const { rows, columns, geometry } = series;
  let toldAt = 0;
  const tell = ({ hu, unread }: SlicesRead): void => {
    toldAt = performance.now();
    const volume = { slices: files.length, rows, columns, geometry, hu: [...hu] };
    onPictures({ volume, unread: new Map(unread) });
  };
  tell({ hu: files.map(() => undefined), unread: new Map() });
  const read = await readSlices({
    ...{ slices: files.length, lanes: readers.lanes, signal, lookedAt },
    ask: async (slice) => {
      const file = files[slice];
      if (file === undefined) throw new Error(WORDS.study.notHeld);
      return readers.ask('slice', { file, rows, columns });
    },
    onSlice: (slice, sofar) => {
      if (slice === lookedAt() || performance.now() - toldAt > EVERY_MS) tell(sofar);
    },
    onRound: tell,
  });
  const [why] = read.unread.values();
  if (read.unread.size === files.length) throw new Error(why);
  tell(read);
}

/** What the service holds of a study. */
export const offeredFiles = ({ studyInstanceUid, objects }: HeldStudy): OfferedFile[] =>
  objects.map(({ sopInstanceUid, bytes }) => ({
    name: sopInstanceUid,
    bytes,
    address: new URL(`${studyAddress(studyInstanceUid)}/objects/${sopInstanceUid}`, document.baseURI).href,
  }));

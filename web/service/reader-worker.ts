/** Reads what a service holds with the reader that its prediction used, away from the page. */
import { messageOf, type StudyFile } from '../../src/base/index.ts';
import { frameHu, placeCodecs, readDicomObject } from '../../src/dicom/index.ts';
import { readHeatMaps } from '../../src/prediction/index.ts';
import { readStudy } from '../../src/study/index.ts';
import { fetchAnswer, isAway } from '../answered.ts';
import { fetchedFile } from '../fetched-file.ts';
import { sparing } from '../sparing.ts';
import { shownVolume } from '../study/shown-study.ts';
import { matchSlices } from './match-slices.ts';
import type { AskReader, ReaderAnswers, ToPage } from './reader-messages.ts';

/** This bundle lies one folder deeper than the page. */
placeCodecs(new URL('../wasm/', import.meta.url).href);

const say = (answer: ToPage, move: Transferable[] = []): void =>
  globalThis.postMessage(answer, { transfer: move });

type Reading = {
  readonly [Kind in keyof ReaderAnswers]: (
    asked: AskReader<Kind>,
    onProgress: (done: number, total: number) => void,
  ) => Promise<ReaderAnswers[Kind]>;
};

const READING: Reading = {
  slice: async ({ file, rows, columns }) => {
    const object = readDicomObject(await fetchedFile(file).read(), { where: file.name });
    const hu = await frameHu(object, 0);
    if (hu.length === rows * columns) return hu;
    throw new Error(`${file.name}: ${hu.length} values were read, ${rows} x ${columns} were expected`);
  },
  series: async ({ files, predicted }, onProgress) => {
    const seriesUid = predicted?.series.seriesInstanceUid;
    const { watched, throwIfLost } = watchLosses(files.map(fetchedFile));
    const read = await readStudy(watched, {
      ...(seriesUid !== undefined && { seriesUid }),
      onProgress: sparing(({ done, total }) => onProgress(done, total ?? files.length)),
    }).finally(throwIfLost);
    const positionsMm = (predicted?.slices ?? read.slices).map((slice) => slice.positionMm);
    if (predicted === undefined) return { volume: shownVolume(read.volume), unread: new Map(), positionsMm };
    const { volume, unread } = matchSlices(predicted.slices, read);
    return { volume: shownVolume(volume), unread, positionsMm };
  },
  maps: async ({ address }) => readHeatMaps(await fetchAnswer(address, {}, (response) => response.json())),
};

/** The reader of studies goes on without a file that cannot be read: here it would be a slice that only the network lost. */
function watchLosses(files: readonly StudyFile[]) {
  let loss: unknown;
  const watched = files.map((file) => ({
    ...file,
    read: (firstBytes?: number) =>
      file.read(firstBytes).catch((thrown: unknown) => {
        if (isAway(thrown)) loss = thrown;
        throw thrown;
      }),
  }));
  const throwIfLost = (): void => {
    if (loss !== undefined) throw loss;
  };
  return { watched, throwIfLost };
}

/** Moved where it can be: a copy of some hundred MB would keep the page from answering. */
function movable(answer: ReaderAnswers[keyof ReaderAnswers]): Transferable[] {
  const arrays = answer instanceof Int16Array ? [answer] : 'volume' in answer ? answer.volume.hu : [];
  const buffers = new Set(arrays.map((hu) => hu?.buffer));
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
}

async function read<Kind extends keyof ReaderAnswers>(id: number, kind: Kind, asked: AskReader<Kind>) {
  try {
    const answer = await READING[kind](asked, (done, total) => say({ kind: 'progress', id, done, total }));
    say({ kind: 'read', id, answer }, movable(answer));
  } catch (thrown) {
    say({ kind: 'failed', id, text: messageOf(thrown), isAway: isAway(thrown) });
  }
}

globalThis.addEventListener('message', ({ data: { id, kind, asked } }) => read(id, kind, asked));

/** Reads a held study with the reader that the service's prediction used, away from the page. */
import { messageOf } from '../../src/base/index.ts';
import { placeCodecs } from '../../src/dicom/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import { readStudy } from '../../src/study/index.ts';
import { fetchedFile, type OfferedFile } from '../fetched-file.ts';
import { sparing } from '../sparing.ts';
import { type MatchedPictures, matchSlices } from './match-slices.ts';

export interface VolumeQuestion {
  readonly files: readonly OfferedFile[];
  /** What was predicted of it, where something was. */
  readonly predicted?: Pick<Prediction, 'series' | 'slices'>;
  readonly wasmFolder: string;
}

export interface ReadVolume extends MatchedPictures {
  /** Where each slice lies along the stack, mm. */
  readonly positionsMm: readonly number[];
}

export type VolumeAnswer =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'read'; readonly read: ReadVolume }
  | { readonly kind: 'failed'; readonly text: string };

const say = (answer: VolumeAnswer, move: Transferable[] = []): void =>
  globalThis.postMessage(answer, { transfer: move });

globalThis.addEventListener('message', async ({ data }: MessageEvent<VolumeQuestion>) => {
  try {
    placeCodecs(data.wasmFolder);
    const { predicted } = data;
    const seriesUid = predicted?.series.seriesInstanceUid;
    const read = await readStudy(data.files.map(fetchedFile), {
      ...(seriesUid !== undefined && { seriesUid }),
      onProgress: sparing(({ done, total }) =>
        say({ kind: 'progress', done, total: total ?? data.files.length }),
      ),
    });
    const slices = predicted?.slices ?? read.slices;
    const pictures = predicted
      ? matchSlices(predicted.slices, read)
      : { volume: read.volume, unread: new Map() };
    const positionsMm = slices.map(({ positionMm }) => positionMm);
    const { buffer } = pictures.volume.hu;
    const moved = buffer instanceof ArrayBuffer ? [buffer] : [];
    say({ kind: 'read', read: { ...pictures, positionsMm } }, moved);
  } catch (thrown) {
    say({ kind: 'failed', text: messageOf(thrown) });
  }
});

/** Reads a held study with the reader that the service's prediction used, away from the page. */
import { messageOf } from '../../src/base/index.ts';
import { placeCodecs } from '../../src/dicom/index.ts';
import { readStudy } from '../../src/study/index.ts';
import type { Volume } from '../../src/volume/index.ts';
import { fetchedFile, type OfferedFile } from '../fetched-file.ts';

export interface VolumeQuestion {
  readonly files: readonly OfferedFile[];
  /** The series that was predicted. */
  readonly seriesUid?: string;
  readonly wasmFolder: string;
}

/** The slices and where each lies along the stack, mm. */
export interface ReadVolume {
  readonly volume: Volume;
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
    const { volume, slices } = await readStudy(data.files.map(fetchedFile), {
      ...(data.seriesUid !== undefined && { seriesUid: data.seriesUid }),
      onProgress: ({ done, total }) => say({ kind: 'progress', done, total: total ?? data.files.length }),
    });
    say({ kind: 'read', read: { volume, positionsMm: slices.map(({ positionMm }) => positionMm) } });
  } catch (thrown) {
    say({ kind: 'failed', text: messageOf(thrown) });
  }
});

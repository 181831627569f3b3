/** Reads a held study with the reader that the service's prediction used, away from the page. */
import { IchorError, messageOf, type StudyFile } from '../../src/base/index.ts';
import { placeCodecs } from '../../src/dicom/index.ts';
import { readStudy } from '../../src/study/index.ts';
import type { Volume } from '../../src/volume/index.ts';

export interface VolumeQuestion {
  /** Absolute. */
  readonly files: readonly { readonly address: string; readonly name: string; readonly bytes: number }[];
  /** The series that was predicted. */
  readonly seriesUid?: string;
  readonly wasmFolder: string;
}

export type VolumeAnswer =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'volume'; readonly volume: Volume }
  | { readonly kind: 'failed'; readonly text: string };

const say = (answer: VolumeAnswer, move: Transferable[] = []): void =>
  globalThis.postMessage(answer, { transfer: move });

/** Fetched whole, once: the reader asks for a file's first bytes and then for all of them. */
function heldFile({ address, name, bytes }: VolumeQuestion['files'][number]): StudyFile {
  let whole: Promise<Uint8Array> | undefined;
  const read = async (firstBytes = bytes): Promise<Uint8Array> => {
    whole ??= fetchWhole(address, name);
    return (await whole).subarray(0, firstBytes);
  };
  return { path: name, size: bytes, read };
}

async function fetchWhole(address: string, name: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok)
    throw new IchorError('file-unreadable', `${name}: the service answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

globalThis.addEventListener('message', async ({ data }: MessageEvent<VolumeQuestion>) => {
  try {
    placeCodecs(data.wasmFolder);
    const { volume } = await readStudy(data.files.map(heldFile), {
      ...(data.seriesUid !== undefined && { seriesUid: data.seriesUid }),
      onProgress: ({ done, total }) => say({ kind: 'progress', done, total: total ?? data.files.length }),
    });
    say({ kind: 'volume', volume });
  } catch (thrown) {
    say({ kind: 'failed', text: messageOf(thrown) });
  }
});

import { type HeldStudy, studyAddress } from './held-study.ts';
import type { ReadVolume, VolumeAnswer, VolumeQuestion } from './volume-worker.ts';

export interface VolumeProgress {
  readonly done: number;
  readonly total: number;
}

/** A held study's series, read away from the page: the one that was predicted, where one was. */
export function readHeldVolume(
  { studyInstanceUid, objects }: HeldStudy,
  predicted: VolumeQuestion['predicted'],
  signal: AbortSignal,
  onProgress: (progress: VolumeProgress) => void,
): Promise<ReadVolume> {
  const worker = new Worker(new URL('./volume-worker.ts', import.meta.url), { type: 'module' });
  const files = objects.map(({ sopInstanceUid, bytes }) => ({
    name: sopInstanceUid,
    bytes,
    address: new URL(`${studyAddress(studyInstanceUid)}/objects/${sopInstanceUid}`, document.baseURI).href,
  }));
  const wasmFolder = new URL('wasm/', document.baseURI).href;
  const question: VolumeQuestion = {
    files,
    wasmFolder,
    ...(predicted && { predicted: { series: predicted.series, slices: predicted.slices } }),
  };
  return new Promise<ReadVolume>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('left before it was read')));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.addEventListener('message', ({ data }: MessageEvent<VolumeAnswer>) => {
      if (data.kind === 'progress') onProgress(data);
      else if (data.kind === 'failed') reject(new Error(data.text));
      else resolve(data.read);
    });
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}

import { useEffect, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import type { Volume } from '../../src/volume/index.ts';
import type { ShownStudy } from '../study/shown-study.ts';
import { askHeatMaps, askPrediction, askStudy, type HeldStudy, studyAddress } from './held-study.ts';
import type { VolumeAnswer, VolumeQuestion } from './volume-worker.ts';

export interface StudyOnPage {
  readonly held?: HeldStudy;
  readonly shown?: ShownStudy;
  readonly progress?: { readonly done: number; readonly total: number };
  readonly fault?: string;
}

/** A study with its pictures, asked anew when its state changes. */
export function useHeldStudy(study: string, state: string | undefined): StudyOnPage {
  const [onPage, setOnPage] = useState<StudyOnPage>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is another result
  useEffect(() => {
    const ending = new AbortController();
    const tell = (more: StudyOnPage): void => {
      if (!ending.signal.aborted) setOnPage((before) => ({ ...before, ...more }));
    };
    load(study, ending.signal, tell).catch((thrown: unknown) => tell({ fault: messageOf(thrown) }));
    return () => ending.abort();
  }, [study, state]);
  return onPage;
}

async function load(study: string, signal: AbortSignal, tell: (more: StudyOnPage) => void): Promise<void> {
  const held = await askStudy(study);
  tell({ held });
  if (!held.files.includes('prediction.json')) return;
  const prediction = await askPrediction(study);
  const [maps, volume] = await Promise.all([
    askHeatMaps(held),
    readVolume(held, prediction.series.seriesInstanceUid, signal, (progress) => tell({ progress })),
  ]);
  tell({ shown: { prediction, volume, ...maps } });
}

function readVolume(
  { studyInstanceUid, objects }: HeldStudy,
  seriesUid: string | undefined,
  signal: AbortSignal,
  onProgress: (progress: { readonly done: number; readonly total: number }) => void,
): Promise<Volume> {
  const worker = new Worker(new URL('./volume-worker.ts', import.meta.url), { type: 'module' });
  const files = objects.map(({ sopInstanceUid, bytes }) => ({
    name: sopInstanceUid,
    bytes,
    address: new URL(`${studyAddress(studyInstanceUid)}/objects/${sopInstanceUid}`, document.baseURI).href,
  }));
  const wasmFolder = new URL('wasm/', document.baseURI).href;
  const question: VolumeQuestion = { files, wasmFolder, ...(seriesUid !== undefined && { seriesUid }) };
  return new Promise<Volume>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('left before it was read')));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.addEventListener('message', ({ data }: MessageEvent<VolumeAnswer>) => {
      if (data.kind === 'progress') onProgress(data);
      else if (data.kind === 'failed') reject(new Error(data.text));
      else resolve(data.volume);
    });
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}

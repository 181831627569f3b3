import { useEffect, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import type { ModelSummary } from '../../src/report/index.ts';
import type { ShownStudy } from '../study/shown-study.ts';
import { WORDS } from '../words.ts';
import { askHeatMaps, askModel, askPrediction, askStudy, type HeldStudy } from './held-study.ts';
import { readHeldVolume, type VolumeProgress } from './read-volume.ts';

export interface StudyOnPage {
  readonly held?: HeldStudy;
  /** There before the pictures are, and where they cannot be shown. */
  readonly prediction?: Prediction;
  /** What its card says, where the result has it. */
  readonly model?: ModelSummary;
  readonly shown?: ShownStudy;
  readonly progress?: VolumeProgress;
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
  const [prediction, model] = await Promise.all([askPrediction(study), askModel(held)]);
  tell({ prediction, ...(model && { model }) });
  if (held.objects.length === 0) throw new Error(WORDS.study.removed);
  const [maps, { volume, unread }] = await Promise.all([
    askHeatMaps(held),
    readHeldVolume(held, prediction, signal, (progress) => tell({ progress })),
  ]);
  tell({ shown: { prediction, volume, unread, ...maps } });
}

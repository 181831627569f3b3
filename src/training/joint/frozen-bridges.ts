import { createRandom, type Session, type Tensor } from '../../base/index.ts';
import { type LabelledStudy, studyKey } from '../../cohort/index.ts';
import type { Weights } from '../../network/index.ts';
import { NO_CHANGE } from '../common/affine-map.ts';
import { drawAffineMap } from './augmentation.ts';
import { inChunks, mapTensor } from './scan-chunks.ts';
import { loadScan } from './scans.ts';
import { refuseAborted, type TrainingStage } from './training-stage.ts';

/** What the frozen convolutions leave of a scan's copies; the first copy is the scan as it is. */
export interface FrozenBridges {
  /** Computes what can be kept, with progress: the validation scans, then copy after copy of the training scans. */
  fill(): Promise<void>;
  /** [slices, bridge]; one that could not be kept is computed again. */
  of(study: LabelledStudy, copy: number): Promise<Tensor>;
}

export function createFrozenBridges(
  options: TrainingStage,
  convolutions: Session,
  weights: Weights,
  mostKeptBytes: number,
): FrozenBridges {
  const { form, preparation, training, validation } = options;
  const { settings, task } = form;
  const compute = async (study: LabelledStudy, copy: number): Promise<Tensor> => {
    const scan = await loadScan(study, preparation);
    const random = createRandom(settings.seed).fork(task).fork(`frozen copy ${copy}`).fork(studyKey(study));
    const map = copy === 0 ? NO_CHANGE : drawAffineMap(settings.augmentation, random);
    return inChunks(convolutions, scan, settings.chunk, { map: mapTensor(map), ...weights });
  };
  const kept = new Map<string, Tensor>();
  let bytes = 0;
  const of = async (study: LabelledStudy, copy: number): Promise<Tensor> => {
    const key = `${studyKey(study)}, copy ${copy}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = await compute(study, copy);
    bytes += 4 * found.data.length;
    if (bytes <= mostKeptBytes) kept.set(key, found);
    return found;
  };
  const fill = async (): Promise<void> => {
    const copies = Array.from({ length: settings.frozen.copies }, (_, copy) => copy);
    const all = [
      ...validation.map((study) => ({ study, copy: 0 })),
      ...copies.flatMap((copy) => training.map((study) => ({ study, copy }))),
    ];
    for (const [done, { study, copy }] of all.entries()) {
      refuseAborted(options);
      if (bytes > mostKeptBytes) return;
      options.onProgress?.({
        task: `${task}: scans through the frozen convolutions`,
        done,
        total: all.length,
      });
      await of(study, copy);
    }
  };
  return { fill, of };
}

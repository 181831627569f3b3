import { HEMORRHAGE_CLASSES, RefusedInput, type Tensor } from '../../base/index.ts';
import { type LabelledStudy, studyKey } from '../../cohort/index.ts';
import { IMAGE_SIDE, type TaskName } from '../../network/index.ts';
import { floatTensor, targetFeeds } from '../common/feeds.ts';
import type { Preparation } from '../preparation.ts';

/** One scan as a step takes it. */
export interface Scan {
  readonly study: LabelledStudy;
  readonly slices: number;
  /** float32 [slices, 256, 256]: HU above the floor. */
  readonly prepared: Tensor;
}

/** Throws RefusedInput `labels-mismatch` where slices are labelled, and not as many as there are. */
export async function loadScan(study: LabelledStudy, preparation: Preparation): Promise<Scan> {
  const data = await preparation.prepared(study);
  const slices = data.length / IMAGE_SIDE ** 2;
  if (study.slices !== undefined && study.slices.length !== slices) {
    const text = `${studyKey(study)} has ${slices} slices and labels for ${study.slices.length}`;
    throw new RefusedInput('labels-mismatch', text);
  }
  return {
    study,
    slices,
    prepared: floatTensor([slices, IMAGE_SIDE, IMAGE_SIDE], data),
  };
}

/** Scans in their order, the next read while one is worked on: reading never waits for computing, nor the reverse. */
export async function* scansInOrder(
  studies: readonly LabelledStudy[],
  preparation: Preparation,
): AsyncGenerator<Scan> {
  let next: Promise<Scan> | undefined;
  for (const [i, study] of studies.entries()) {
    const scan = await (next ?? loadScan(study, preparation));
    const following = studies[i + 1];
    next = following && loadScan(following, preparation);
    // Its fault belongs to its own turn, not to the scan under way
    next?.catch(() => undefined);
    yield scan;
  }
}

const marksOf = (labels: LabelledStudy['subject']): number[] =>
  HEMORRHAGE_CLASSES.map(({ name }) => (labels[name] ? 1 : 0));

/** What a network learns of a study; of slices where these are labelled. */
export const studyTargets = ({ subject, slices }: LabelledStudy, task: TaskName): Record<string, Tensor> =>
  targetFeeds(task, { subject: marksOf(subject), slices: slices?.map(marksOf) });

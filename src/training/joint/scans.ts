import { at, HEMORRHAGE_CLASSES, type Random, RefusedInput, type Tensor } from '../../base/index.ts';
import { type LabelledStudy, studyKey } from '../../cohort/index.ts';
import { IMAGE_SIDE, maskShape, type NetworkSettings, TASKS, type TaskName } from '../../network/index.ts';
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
    prepared: { element: 'float32', shape: [slices, IMAGE_SIDE, IMAGE_SIDE], data },
  };
}

/** Scans in their order, the next read while one is worked on: reading never waits for computing, nor the reverse. */
export async function* scansInOrder(
  studies: readonly LabelledStudy[],
  preparation: Preparation,
): AsyncGenerator<Scan> {
  let next = studies[0] && loadScan(studies[0], preparation);
  for (const [i] of studies.entries()) {
    const scan = await (next as Promise<Scan>);
    const following = studies[i + 1];
    next = following && loadScan(following, preparation);
    // Its fault belongs to its own turn, not to the scan under way
    next?.catch(() => undefined);
    yield scan;
  }
}

/** Targets of a network: two-type [no ICH, ICH], five-type the subtypes; of slices where these are labelled. */
export function targetFeeds(study: LabelledStudy, task: TaskName): Record<string, Tensor> {
  const { outputs } = TASKS[task];
  const row = (labels: LabelledStudy['subject']): number[] => {
    const six = HEMORRHAGE_CLASSES.map(({ name }) => (labels[name] ? 1 : 0));
    return task === 'fiveType' ? six.slice(1) : [1 - at(six, 0), at(six, 0)];
  };
  return {
    'targets/subject': {
      element: 'float32',
      shape: [outputs],
      data: Float32Array.from(row(study.subject)),
    },
    ...(study.slices && {
      'targets/slices': {
        element: 'float32' as const,
        shape: [study.slices.length, outputs],
        data: Float32Array.from(study.slices.flatMap(row)),
      },
    }),
  };
}

/** Dropout of both GRU layers, drawn: 0 where dropped, else 1 / (1 - dropout). */
export function maskFeeds(
  slices: number,
  { hidden, dropout }: Pick<NetworkSettings, 'hidden' | 'dropout'>,
  random: Random,
): Record<string, Tensor> {
  const shape = maskShape(slices, hidden) as number[];
  const mask = (): Tensor => ({
    element: 'float32',
    shape,
    data: Float32Array.from({ length: slices * 2 * hidden }, () =>
      random.chance(1 - dropout) ? 1 / (1 - dropout) : 0,
    ),
  });
  return { 'mask/gru1': mask(), 'mask/gru2': mask() };
}

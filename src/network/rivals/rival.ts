import { at } from '../../base/index.ts';
import { averagePool2d, dense, reduceMax, reshape, type Value } from '../../graph/index.ts';
import type { BookOf, ParameterSpec } from '../parameters.ts';
import { TASKS, type TaskName } from '../settings.ts';

/** Networks that the paper compares with (supplement 7): trained by the same loop as its own. */
export interface Rival {
  readonly name: RivalName;
  /** What one graph sees: a slice at a time, or a scan whole. */
  readonly sees: 'slices' | 'scan';
  /** Numbers that describe what it saw: one row a slice, or one for the scan. */
  readonly features: (size: RivalSize) => number;
  specs(task: TaskName, size: RivalSize): readonly ParameterSpec[];
  /** Images [slices, 3, 256, 256], 0 to 1 -> features [slices or 1, features]. */
  buildFeatures(images: Value, parameters: BookOf, task: TaskName, size: RivalSize): Value;
}

/** Of the published plan, or less for quick trainings. */
export interface RivalSize {
  /** Share of the published channels: 1, or a quarter. */
  readonly width: 1 | 0.25;
  /** Images are halved to 128 x 128 first. */
  readonly onHalves: boolean;
}

export type RivalName = '2d-vgg16' | '2d-googlenet' | '3d-vgg16';

/** Images [slices, 3, 256, 256] as a rival of this size sees them. */
export const seenBy = ({ onHalves }: RivalSize, images: Value): Value =>
  onHalves ? averagePool2d(images, { kernel: 2 }) : images;

/** The dense layer that ends every rival. */
export function outputSpecs(task: TaskName, features: number): ParameterSpec[] {
  const { outputs } = TASKS[task];
  const shared = { fanIn: features, part: 'head' } as const;
  return [
    { name: `${task}/output/weights`, shape: [outputs, features], role: 'linear', ...shared },
    { name: `${task}/output/bias`, shape: [outputs], role: 'bias', ...shared },
  ];
}

/** Features [rows, features] -> logits [rows, outputs]. */
export const outputLogits = (features: Value, parameters: BookOf, task: TaskName): Value =>
  dense(features, parameters.of(`${task}/output/weights`), parameters.of(`${task}/output/bias`));

/** A subject is positive as soon as one slice is (supplement 7): the largest logit of its slices, [outputs]. */
export const subjectOfSlices = (sliceLogits: Value): Value =>
  reshape(reduceMax(sliceLogits, { axes: [0] }), [at(sliceLogits.shape, 1)]);

import { at, type Random, type Tensor } from '../../base/index.ts';
import { input, type Value } from '../../graph/index.ts';
import { maskShape, type NetworkSettings, TASKS, type TaskName } from '../../network/index.ts';

export type Tensors = Readonly<Record<string, Tensor>>;
type FloatTensor = Extract<Tensor, { element: 'float32' }>;

export const floatTensor = (shape: readonly number[], data: Float32Array): FloatTensor => ({
  element: 'float32',
  shape,
  data,
});

/** The numbers of a float32 tensor. Throws RangeError where it is another or none: a fault of ours. */
export function floatsIn(tensor: Tensor | undefined): Float32Array {
  if (tensor?.element === 'float32') return tensor.data;
  throw new RangeError(`${tensor?.element ?? 'no'} tensor where float32 was expected`);
}

/** 0 and 1 of the six classes, any hemorrhage first. */
type ClassMarks = readonly number[];
/** A network's outputs: two-type [no ICH, ICH], five-type the subtypes. */
const OUTPUTS: Readonly<Record<TaskName, (marks: ClassMarks) => readonly number[]>> = {
  twoType: ([any = 0]) => [1 - any, any],
  fiveType: ([, ...subtypes]) => subtypes,
};

const SLICE_TARGETS = 'targets/slices';
export const SUBJECT_TARGETS = 'targets/subject';

/** The targets of a task as a graph reads them: [slices, outputs] and [outputs]. */
export const targetInputs = (task: TaskName) => ({
  slices: () => input(SLICE_TARGETS, ['slices', TASKS[task].outputs]),
  subject: () => input(SUBJECT_TARGETS, [TASKS[task].outputs]),
});

/** What a task learns of one series; of slices where these are labelled. */
export function targetFeeds(
  task: TaskName,
  marks: { readonly subject: ClassMarks; readonly slices?: readonly ClassMarks[] | undefined },
): Record<string, Tensor> {
  const { outputs } = TASKS[task];
  const tensor = (shape: readonly number[], rows: readonly ClassMarks[]) =>
    floatTensor(shape, Float32Array.from(rows.flatMap(OUTPUTS[task])));
  const { subject, slices } = marks;
  return {
    [SUBJECT_TARGETS]: tensor([outputs], [subject]),
    ...(slices && { [SLICE_TARGETS]: tensor([slices.length, outputs], slices) }),
  };
}

/** The subject's marks where it has those of its slices. */
export const subjectMarks = (slices: readonly ClassMarks[]): ClassMarks =>
  slices.reduce((a, b) => a.map((mark, i) => Math.max(mark, at(b, i))));

/** Drawn: 0 where dropped, else 1 / (1 - dropout). */
export function dropoutMask(shape: readonly number[], dropout: number, random: Random): FloatTensor {
  const kept = 1 - dropout;
  const length = shape.reduce((a, b) => a * b, 1);
  return floatTensor(
    shape,
    Float32Array.from({ length }, () => (random.chance(kept) ? 1 / kept : 0)),
  );
}

const GRU_MASKS = { gru1: 'mask/gru1', gru2: 'mask/gru2' };

/** The dropout of both GRU layers as a graph reads it. */
export function gruMaskInputs({ hidden }: Pick<NetworkSettings, 'hidden'>): { gru1: Value; gru2: Value } {
  const mask = (name: string) => input(name, maskShape('slices', hidden));
  return { gru1: mask(GRU_MASKS.gru1), gru2: mask(GRU_MASKS.gru2) };
}

/** The same, drawn for one step. */
export function gruMaskFeeds(
  slices: number,
  { hidden, dropout }: Pick<NetworkSettings, 'hidden' | 'dropout'>,
  random: Random,
): Record<string, Tensor> {
  const mask = () => dropoutMask([slices, 2 * hidden], dropout, random);
  return { [GRU_MASKS.gru1]: mask(), [GRU_MASKS.gru2]: mask() };
}

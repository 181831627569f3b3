import { at, type Session, sharedTensor, type Tensor } from '../base/index.ts';

/** What an output holds for each slice: its shape without the slices. */
const rowShape = ({ outputs }: Session, name: string): number[] =>
  (outputs.find((output) => output.name === name)?.shape ?? []).slice(1).map(Number);

const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Of one slice's float32 values. */
export const bytesPerRow = (session: Session, name: string): number => 4 * countOf(rowShape(session, name));

/** Memory for so many slices of an output, the same again and again: to be used before the next is asked for. */
export function rowBuffer(session: Session, name: string): (count: number) => Tensor {
  const rest = rowShape(session, name);
  let whole = sharedTensor('float32', [0, ...rest]);
  return (count) => {
    const shape = [count, ...rest];
    if (count > at(whole.shape, 0)) whole = sharedTensor('float32', shape);
    return { element: 'float32', shape, data: whole.data.subarray(0, countOf(shape)) };
  };
}

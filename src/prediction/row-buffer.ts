import { at, type Session, sharedTensor, type Tensor } from '../base/index.ts';

/** Memory for so many slices of an output, the same again and again: what is in it is to be used before the next is asked for. */
export function rowBuffer(session: Session, name: string): (count: number) => Tensor {
  const port = session.outputs.find((output) => output.name === name);
  const rest = (port?.shape ?? []).slice(1).map(Number);
  let whole = sharedTensor('float32', [0, ...rest]);
  return (count) => {
    const shape = [count, ...rest];
    if (count > at(whole.shape, 0)) whole = sharedTensor('float32', shape);
    const length = shape.reduce((a, b) => a * b, 1);
    return { element: 'float32', shape, data: whole.data.subarray(0, length) };
  };
}

import { RefusedInput } from '../base/index.ts';
import { threadWork } from './work.ts';

export const twice = threadWork((value: number) => 2 * value);
export const count = threadWork((to: number, { tell }) => {
  for (let i = 1; i <= to; i++) tell(i);
  return to;
});
export const refuse = threadWork((what: string) => {
  throw new RefusedInput('not-ct', `${what} is not a CT`);
});
export const blunder = threadWork((value: null | { readonly length: number }) => value!.length);
export const exit = threadWork((code: number) => process.exit(code));
export const hang = threadWork((_: null) => new Promise<void>(() => {}));
export const fill = threadWork((bytes: Uint8Array, { move }) => {
  move(bytes.buffer as ArrayBuffer);
  return bytes.fill(7);
});

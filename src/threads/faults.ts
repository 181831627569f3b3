import { IchorError, messageOf, RefusedInput, UsageError } from '../base/index.ts';

/** What was thrown, as data: errors lose their class and code on the way between threads. */
export interface Fault {
  readonly name: string;
  readonly text: string;
  readonly stack: string | undefined;
  /** Of an IchorError. */
  readonly code?: string;
}

const CLASSES: Readonly<Record<string, typeof IchorError>> = { IchorError, RefusedInput, UsageError };

export function faultOf(thrown: unknown): Fault {
  const fault = { name: 'Error', text: messageOf(thrown), stack: undefined };
  if (!(thrown instanceof Error)) return fault;
  const { name, stack } = thrown;
  return { ...fault, name, stack, ...(thrown instanceof IchorError && { code: thrown.code }) };
}

/** What was thrown on the other side, of its class and with its code again; its stack is that of the other side. */
export function errorOf({ name, text, stack, code }: Fault): Error {
  const Class = CLASSES[name] ?? IchorError;
  const error = code === undefined ? new Error(text) : new Class(code, text);
  if (stack !== undefined) error.stack = stack;
  return error;
}

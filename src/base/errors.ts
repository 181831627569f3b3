/**
 * What stopped us, said so that the reader can act: what was found, what was expected, where, and what to do.
 * Never carries a patient's name, identifier or birth date.
 */
export class IchorError extends Error {
  /** Stable, kebab-case, for programs: `transfer-syntax-unsupported`. */
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The command line or an option is wrong: exit code 2. */
export class UsageError extends IchorError {}

/** An input was read and refused, by name; the rest of the batch goes on: exit code 3. */
export class RefusedInput extends IchorError {}

/** Exit codes of every command (architecture, "Contracts"). */
export const EXIT_CODE = {
  predicted: 0,
  fault: 1,
  usage: 2,
  refused: 3,
  stopped: 130,
  terminated: 143,
} as const;

/** Throws IchorError `aborted` once the signal is aborted, whatever its reason is: the one kind of abort. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new IchorError('aborted', 'stopped before the end', { cause: signal.reason });
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message, cause } = thrown;
  // What fetch throws says why in its cause alone
  return message === 'fetch failed' && cause !== undefined
    ? `${message}: ${messageOf(cause) || errnoOf(cause)}`
    : message;
}

/** The code of an error of ours; of any other throw what stands in for one. */
export const codeOf = (thrown: unknown, otherwise = 'unexpected'): string =>
  thrown instanceof IchorError ? thrown.code : otherwise;

/** Of a failed call of the operating system, `ENOENT`; empty where it was something else. */
export function errnoOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : '';
}

import { isAway } from './answered.ts';

/** Then twice as long each time, up to the longest: a service that comes back is seen within it. */
const FIRST_MS = 500;
const LONGEST_MS = 4000;

export interface Asking {
  /** Nobody waits for an answer any more. */
  readonly signal: AbortSignal;
  /** Told each time that no answer came. */
  onAway?(): void;
  /** So often at most; without it, until there is an answer. */
  readonly tries?: number;
  pause?(ms: number, signal: AbortSignal): Promise<void>;
}

/** Asks until there is an answer, again and again while the service is away. Throws every other fault. */
export async function whileAway<T>(ask: () => Promise<T>, asking: Asking): Promise<T> {
  const { signal, onAway, tries = Number.POSITIVE_INFINITY, pause = pauseOrOnline } = asking;
  for (let tried = 1; ; tried++) {
    try {
      return await ask();
    } catch (thrown) {
      if (!isAway(thrown) || signal.aborted || tried >= tries) throw thrown;
      onAway?.();
      await pause(waitMs(tried), signal);
      if (signal.aborted) throw thrown;
    }
  }
}

/** After so many tries. */
export const waitMs = (tried: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** (tried - 1));

/** Shorter where the browser finds its network again, or nobody waits any more. */
export function pauseOrOnline(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const end = (): void => resolve();
  globalThis.addEventListener('online', end);
  signal.addEventListener('abort', end);
  return promise.finally(() => {
    clearTimeout(timer);
    globalThis.removeEventListener('online', end);
    signal.removeEventListener('abort', end);
  });
}

import { z } from 'zod';
import { IchorError } from '../src/base/index.ts';
import { WORDS } from './words.ts';

/** No answer came: the service or the network to it is away, and the same question is worth asking again. */
export class Away extends Error {
  constructor(cause?: unknown) {
    super(WORDS.away, { cause });
    this.name = 'Away';
  }
}

/** Whether it is what an error was made of. */
export function isAway(thrown: unknown): boolean {
  if (thrown instanceof Away) return true;
  // A decoder that could not be fetched
  if (thrown instanceof IchorError && thrown.code === 'wasm-missing' && thrown.cause instanceof TypeError)
    return true;
  return thrown instanceof Error && isAway(thrown.cause);
}

export const LOGIN_NEEDED = 401;

/** What a proxy says of a service that it does not reach. */
const AWAY_STATUSES = [502, 503, 504];

/** The response where it is one of success. Throws with the service's own words where it is not. */
export async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  // The service's own words are for programs
  if (response.status === LOGIN_NEEDED) throw new Error(WORDS.sessionOver);
  const told = z.object({ text: z.string() }).safeParse(await response.json().catch(() => undefined));
  if (told.success) throw new Error(told.data.text);
  if (AWAY_STATUSES.includes(response.status)) throw new Away();
  throw new Error(WORDS.answered(response.status));
}

/**
 * What is taken of a response of success; to be taken whole here, since a connection can break in the middle of it. Throws
 * Away where it breaks, and what `answered` throws.
 */
export const fetchAnswer = <T>(
  address: string,
  asked: RequestInit,
  take: (response: Response) => Promise<T>,
): Promise<T> => unbroken(async () => take(await answered(await fetch(address, asked))));

/** What is fetched and taken; throws Away where the connection breaks. */
export async function unbroken<T>(take: () => Promise<T>): Promise<T> {
  try {
    return await take();
  } catch (thrown) {
    // The browser's own words for it ("Failed to fetch") help no reader
    const isBroken = thrown instanceof TypeError;
    throw isBroken || (thrown instanceof Error && thrown.name === 'TimeoutError') ? new Away(thrown) : thrown;
  }
}

/** No answer but a file takes so long, and no piece of a file: a network that swallows packets would let the page wait for ever. */
const LIMIT_MS = 30_000;

/** The whole of a file, however long it takes; as away where no byte of it comes for as long as the limit. */
export async function fetchBytes(address: string, limitMs = LIMIT_MS): Promise<Uint8Array> {
  const stalled = new AbortController();
  const over = (): void => stalled.abort(new DOMException('no byte came', 'TimeoutError'));
  let timer = setTimeout(over, limitMs);
  const take = async ({ body }: Response): Promise<Uint8Array> => {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const reader = body?.getReader();
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
      pieces.push(next.value);
      clearTimeout(timer);
      timer = setTimeout(over, limitMs);
    }
    return new Uint8Array(await new Blob(pieces).arrayBuffer());
  };
  try {
    return await fetchAnswer(address, { signal: stalled.signal }, take);
  } finally {
    clearTimeout(timer);
  }
}

/** For a question whose answer is no file: it ends with `signal`, and as away after the limit. */
export function withinLimit(signal?: AbortSignal, limitMs = LIMIT_MS): AbortSignal {
  const limit = AbortSignal.timeout(limitMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

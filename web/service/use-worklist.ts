import { startTransition, useEffect, useState } from 'react';
import { z } from 'zod';
import { messageOf } from '../../src/base/index.ts';
import { answered, LOGIN_NEEDED, unbroken, withinLimit } from '../answered.ts';
import { ANOTHER_READER, asReader } from './as-reader.ts';
import { asAttended } from './attended.ts';
import { listenForChanges } from './listen.ts';
import { type WorklistItem, worklistSchema } from './worklist-items.ts';

export interface Worklist {
  readonly items: readonly WorklistItem[];
  /** Undefined until the service has given a whole list for the first time; its first rows are shown before. */
  readonly answeredAt?: number;
  /** Why the last question had no answer; the list is the last one that came. */
  readonly fault?: string;
}

/** While the service tells of changes: waiting times grow, and with them ranks change. */
const LIVE_MS = 60_000;
/** While it tells of none. */
const POLL_MS = 2000;
/** After a fault; a service that comes back is seen within this time. */
const AGAIN_MS = 4000;
/** The first question waits for the service to tell of changes, so that none is missed between; no longer than this. */
const LISTENING_MS = 1000;

/** The list as it is now. Changes are told by the service; where they cannot be, it is asked again and again. */
export function useWorklist(): Worklist {
  const [worklist, setWorklist] = useState<Worklist>({ items: [] });
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    let isLive = false;
    let timer: ReturnType<typeof setTimeout>;
    let asking: Promise<void> | undefined;
    let isAskedAgain = false;
    /** Drawn in pieces, which keys and pointers interrupt. */
    const tell = (change: (last: Worklist) => Worklist): void => startTransition(() => setWorklist(change));
    /** Until there is a whole list. */
    const showFirst = (items: readonly WorklistItem[]): void =>
      tell((last) => (last.answeredAt === undefined ? { ...last, items } : last));
    const askOnce = async (): Promise<void> => {
      let wait = isLive ? LIVE_MS : POLL_MS;
      try {
        const items = await fetchWorklist(signal, showFirst);
        tell(() => ({ items, answeredAt: Date.now() }));
      } catch (thrown) {
        if (signal.aborted) return;
        wait = AGAIN_MS;
        tell((last) => ({ ...last, fault: messageOf(thrown) }));
      }
      timer = setTimeout(ask, wait);
    };
    /** One question at a time: a change that comes meanwhile is asked for afterwards. */
    const ask = (): void => {
      clearTimeout(timer);
      if (asking !== undefined) {
        isAskedAgain = true;
        return;
      }
      asking = askOnce().finally(() => {
        asking = undefined;
        if (isAskedAgain && !signal.aborted) {
          isAskedAgain = false;
          ask();
        }
      });
    };
    const told = (now: boolean) => (): void => {
      isLive = now;
      ask();
    };
    listenForChanges({ onChange: told(true), onLost: told(false) }, signal);
    timer = setTimeout(ask, LISTENING_MS);
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, []);
  return worklist;
}

/** The session is over: the login leads back to where the page stands. */
function goToLogin(): void {
  const { pathname, hash } = globalThis.location;
  globalThis.location.assign(`login?next=${encodeURIComponent(pathname + hash)}`);
}

/** What stands at the top is there at once; more rows together would keep the page from answering while they are checked. */
const [FIRST_ROWS, ROWS_PER_PAGE] = [200, 400];

const pageSchema = worklistSchema.extend({ items: z.array(z.unknown()) });

async function fetchWorklist(
  signal: AbortSignal,
  onFirst: (items: readonly WorklistItem[]) => void,
): Promise<readonly WorklistItem[]> {
  const items = new Map<string, WorklistItem>();
  let asked: Promise<unknown> | undefined = fetchPage(signal);
  while (asked !== undefined) {
    const answer: unknown = await asked;
    const { next } = pageSchema.parse(answer);
    // Answered while this page's rows are checked
    asked = next === undefined ? undefined : fetchPage(signal, next);
    const isFirst = items.size === 0;
    const page = worklistSchema.parse(answer);
    for (const item of page.items) items.set(item.studyInstanceUid, item);
    if (isFirst && next !== undefined) onFirst(page.items);
  }
  return [...items.values()];
}

/** As JSON. */
const fetchPage = (signal: AbortSignal, after?: string): Promise<unknown> =>
  unbroken(async () => {
    const query = new URLSearchParams({
      limit: String(after === undefined ? FIRST_ROWS : ROWS_PER_PAGE),
      ...(after !== undefined && { after }),
    });
    const response = await fetch(`api/worklist?${query}`, {
      signal: withinLimit(signal),
      headers: { ...asReader(), ...asAttended() },
    });
    if (response.status === LOGIN_NEEDED) goToLogin();
    // Drafts are kept for who wrote them
    if (response.status === ANOTHER_READER) globalThis.location.reload();
    return (await answered(response)).json();
  });

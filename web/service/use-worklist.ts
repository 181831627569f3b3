import { useEffect, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import { type WorklistItem, worklistSchema } from './worklist-items.ts';

export interface Worklist {
  readonly items: readonly WorklistItem[];
  /** Undefined until the service answered for the first time. */
  readonly answeredAt?: number;
  /** Why the last question had no answer; the list is the last one that came. */
  readonly fault?: string;
}

const EVERY_MS = 2000;
/** After a fault; a service that comes back is seen within this time. */
const AGAIN_MS = 4000;

/** The list as it is now, asked again and again: a lost service is told, and asked until it is back. */
export function useWorklist(): Worklist {
  const [worklist, setWorklist] = useState<Worklist>({ items: [] });
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      let wait = EVERY_MS;
      try {
        const items = await fetchWorklist(ending.signal);
        setWorklist({ items, answeredAt: Date.now() });
      } catch (thrown) {
        if (ending.signal.aborted) return;
        wait = AGAIN_MS;
        setWorklist((last) => ({ ...last, fault: messageOf(thrown) }));
      }
      timer = setTimeout(ask, wait);
    };
    ask();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, []);
  return worklist;
}

const LOGIN_NEEDED = 401;

/** The session is over: the login leads back to where the page stands. */
function goToLogin(): void {
  const { pathname, hash } = globalThis.location;
  globalThis.location.assign(`login?next=${encodeURIComponent(pathname + hash)}`);
}

async function fetchWorklist(signal: AbortSignal): Promise<readonly WorklistItem[]> {
  const response = await fetch('api/worklist', { signal });
  if (response.status === LOGIN_NEEDED) goToLogin();
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  return worklistSchema.parse(await response.json()).items;
}

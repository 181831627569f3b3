/** After a refusal (too many listen, or nobody is logged in any more) the browser does not come back of itself. */
const AGAIN_MS = 30_000;

export interface Listener {
  /** Something has changed, or may have while nobody listened. */
  onChange(): void;
  onLost(): void;
}

/** A connection of one's own. */
export function listenHere(address: string, { onChange, onLost }: Listener, signal: AbortSignal): void {
  const open = (): void => {
    const events = new EventSource(address);
    let again: ReturnType<typeof setTimeout> | undefined;
    const close = (): void => {
      clearTimeout(again);
      events.close();
    };
    // Each connection begins with one
    events.addEventListener('changes', onChange);
    events.addEventListener('error', () => {
      onLost();
      if (events.readyState !== EventSource.CLOSED) return;
      signal.removeEventListener('abort', close);
      again = setTimeout(() => {
        if (!signal.aborted) open();
      }, AGAIN_MS);
    });
    signal.addEventListener('abort', close);
  };
  open();
}

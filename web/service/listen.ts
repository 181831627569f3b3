import { type Listener, listenHere } from './listen-here.ts';

/**
 * Changes of studies as the service tells them (`GET /api/events`), listened to until it is aborted. All pages of a browser
 * have one connection for it: by HTTP/1.1 a browser opens six to a service, and the seventh page would wait for ever.
 */
export function listenForChanges(listener: Listener, signal: AbortSignal): void {
  const address = new URL('api/events', document.baseURI).href;
  const listenAlone = (): void => listenHere(address, listener, signal);
  // Android's Chrome has had none for long
  if (!('SharedWorker' in globalThis)) {
    listenAlone();
    return;
  }
  const worker = new SharedWorker(new URL('./listen-worker.ts', import.meta.url), { type: 'module' });
  const { port } = worker;
  port.addEventListener('message', ({ data }) =>
    data === 'changes' ? listener.onChange() : listener.onLost(),
  );
  // Its script did not come
  worker.addEventListener('error', listenAlone, { once: true });
  port.start();
  port.postMessage(address);
  signal.addEventListener('abort', () => port.postMessage('left'));
}

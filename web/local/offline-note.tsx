import { type ReactNode, useEffect, useState } from 'react';
import { WORDS } from '../words.ts';
import { viewToken } from './view-token.ts';

/** Keeps the page for offline use where a service worker may run, and says so. */
export function OfflineNote(): ReactNode {
  const [words, setWords] = useState('');
  useEffect(() => {
    keepOffline().then(setWords, () => setWords(WORDS.local.offlineFailed));
  }, []);
  return <p className="muted offline">{words}</p>;
}

async function keepOffline(): Promise<string> {
  // Each `ichor view` has a port of its own, and each port would get its own copy of the model
  if (viewToken() !== undefined) return '';
  if (!globalThis.isSecureContext || !('serviceWorker' in navigator)) return WORDS.local.offlineNever;
  const worker = await navigator.serviceWorker.register(new URL('offline-worker.js', document.baseURI));
  if (worker.active === null) await installed(worker.installing ?? worker.waiting);
  return WORDS.local.offlineReady;
}

/** Rejects where the files of the page were not kept, as in a store that is full: `ready` would wait for ever. */
const installed = (worker: ServiceWorker | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      if (worker?.state === 'activated') resolve();
      if (worker === null || worker.state === 'redundant') reject(new Error('the files were not kept'));
    };
    worker?.addEventListener('statechange', look);
    look();
  });

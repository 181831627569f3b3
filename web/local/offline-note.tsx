import { type ReactNode, useEffect, useState } from 'react';
import { WORDS } from '../words.ts';
import { viewToken } from './given.ts';

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
  await navigator.serviceWorker.register(new URL('offline-worker.js', document.baseURI));
  await navigator.serviceWorker.ready;
  return WORDS.local.offlineReady;
}

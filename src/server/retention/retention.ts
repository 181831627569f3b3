import { statfs } from 'node:fs/promises';
import type { Archive } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import type { Receiver } from '../delivery/destinations.ts';
import { lookAgain } from '../look-again.ts';
import { type Retention, toRemove } from './retention-rule.ts';

const LOOK_MS = 60_000;
const BY = 'retention';

/** Looks each minute which studies' objects are to go. Does nothing where nothing is set. */
export function startRetention(
  archive: Archive,
  retention: Retention,
  destinations: readonly Receiver[],
  log: (text: string) => void,
): { close(): Promise<void> } {
  if (retention.days === 0 && retention.freeGigabytes === 0) return { close: async () => undefined };
  let isClosing = false;
  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(archive.folders.root);
    const now = { ms: Date.now(), freeBytes: bavail * bsize };
    for (const { study, because } of toRemove(archive.index.studies(), retention, destinations, now)) {
      if (isClosing) return;
      await archive.remove(study, BY, because);
    }
  };
  const looks = lookAgain(LOOK_MS, look, (thrown) =>
    log(`old studies cannot be removed: ${messageOf(thrown)}`),
  );
  looks.now();
  return {
    close: async () => {
      isClosing = true;
      await looks.close();
    },
  };
}

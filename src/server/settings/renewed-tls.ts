import { stat } from 'node:fs/promises';
import { messageOf } from '../../base/index.ts';
import { lookAgain } from '../look-again.ts';
import { doorTls } from './doors.ts';
import type { Settings } from './settings-schema.ts';

const LOOK_MS = 60_000;

type DoorTls = NonNullable<Awaited<ReturnType<typeof doorTls>>>;

/**
 * Takes a renewed certificate without a restart: looks each minute whether one of the files is another one. While they do not
 * belong together, as between two copies, what was there goes on.
 */
export function followCertificate(
  settings: Settings,
  take: (tls: DoorTls) => void,
  log: (text: string) => void,
  everyMs = LOOK_MS,
): { close(): Promise<void> } {
  const { tls } = settings.server;
  if (tls === undefined) return { close: async () => undefined };
  const { clientCa } = settings.dicom;
  const files = [tls.cert, tls.key, ...(clientCa === undefined ? [] : [clientCa])];
  let seen: string | undefined;
  const look = async (): Promise<void> => {
    const marks = (await Promise.all(files.map(markOf))).join(' ');
    const isNew = seen !== undefined && marks !== seen;
    if (isNew) {
      const renewed = await doorTls(settings, log);
      if (renewed !== undefined) take(renewed);
      log('a renewed TLS certificate is shown from now on');
    }
    seen = marks;
  };
  const looks = lookAgain(everyMs, look, (thrown) =>
    log(`a renewed TLS certificate cannot be taken yet: ${messageOf(thrown)}`),
  );
  looks.now();
  return looks;
}

async function markOf(file: string): Promise<string> {
  const { ino, mtimeMs, size } = await stat(file);
  return `${ino} ${mtimeMs} ${size}`;
}

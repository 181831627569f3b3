import { stat } from 'node:fs/promises';
import { messageOf } from '../../base/index.ts';
import { lookAgain } from '../look-again.ts';
import { dicomCertificate } from './dicom-settings.ts';
import { type DoorTls, doorTls } from './doors.ts';
import type { Settings } from './settings-schema.ts';

const LOOK_MS = 60_000;

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
  const [http, dicom] = [settings.server.tls, dicomCertificate(settings)];
  const { clientCa } = settings.dicom;
  const files = [...new Set([http, dicom].flatMap((paths) => (paths ? [paths.cert, paths.key] : [])))];
  if (files.length === 0) return { close: async () => undefined };
  if (clientCa !== undefined) files.push(clientCa);
  let seen: string | undefined;
  const look = async (): Promise<void> => {
    const marks = (await Promise.all(files.map(markOf))).join(' ');
    const isNew = seen !== undefined && marks !== seen;
    if (isNew) {
      take(await doorTls(settings, log));
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

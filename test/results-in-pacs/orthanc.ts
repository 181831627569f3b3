import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '../support/ports.ts';

export interface Orthanc {
  readonly httpPort: number;
  readonly dicomPort: number;
  /** The file that it keeps of an object; undefined where it has no such object. */
  find(sopInstanceUid: string): Promise<Uint8Array | undefined>;
  stop(): void;
}

/** Orthanc with DICOMweb on free ports of loopback, its store in the folder. */
export async function startOrthanc(folder: string): Promise<Orthanc> {
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  const settings = path.join(folder, 'orthanc.json');
  const store = path.join(folder, 'store');
  await writeFile(
    settings,
    JSON.stringify({
      Name: 'Ichor check',
      StorageDirectory: store,
      IndexDirectory: store,
      HttpPort: httpPort,
      DicomPort: dicomPort,
      DicomAet: 'ORTHANC',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      Plugins: ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so'],
      DicomWeb: { Enable: true, Root: '/dicomweb/' },
    }),
  );
  const server = spawn('Orthanc', [settings], { stdio: 'ignore' });
  const address = `http://127.0.0.1:${httpPort}`;
  try {
    await untilItAnswers(address);
  } catch (thrown) {
    server.kill();
    throw thrown;
  }
  const ask = async (route: string, options?: RequestInit): Promise<Response> => {
    const answer = await fetch(`${address}${route}`, options);
    if (!answer.ok) throw new Error(`Orthanc answered ${route} by ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  return {
    httpPort,
    dicomPort,
    find: async (sopInstanceUid) => {
      const asked = await ask('/tools/lookup', { method: 'POST', body: sopInstanceUid });
      const found = foundSchema.parse(await asked.json()).find(({ Type }) => Type === 'Instance');
      return found && (await ask(`/instances/${found.ID}/file`)).bytes();
    },
    stop: () => server.kill(),
  };
}
const foundSchema = z.array(z.object({ ID: z.string(), Type: z.string() }));

async function untilItAnswers(address: string): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    const isThere = await fetch(`${address}/system`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await wait(250);
  }
  throw new Error(
    'Orthanc did not answer within a minute (Debian: apt-get install orthanc orthanc-dicomweb)',
  );
}

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

export interface Orthanc {
  readonly httpPort: number;
  readonly dicomPort: number;
  /** The file that it keeps of an object. */
  file(sopInstanceUid: string): Promise<Uint8Array>;
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
  await untilItAnswers(address);
  return {
    httpPort,
    dicomPort,
    file: async (sopInstanceUid) => {
      const asked = await fetch(`${address}/tools/lookup`, { method: 'POST', body: sopInstanceUid });
      const found = foundSchema.parse(await asked.json()).find(({ Type }) => Type === 'Instance');
      if (found === undefined) throw new Error(`Orthanc has no object ${sopInstanceUid}`);
      const answer = await fetch(`${address}/instances/${found.ID}/file`);
      return new Uint8Array(await answer.arrayBuffer());
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

/** A port of loopback that was free a moment ago. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

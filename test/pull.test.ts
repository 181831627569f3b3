import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Archive, openArchive } from '../src/archive/index.ts';
import { CT_IMAGE, ctFile } from '../src/dicom/ct-fixture.ts';
import { createIntake, type Intake, pullFrom } from '../src/server/index.ts';
import { eventually } from './support/served.ts';

const STUDY = String(CT_IMAGE.StudyInstanceUID);
const slice = (number: number) => ctFile({ SOPInstanceUID: `1.2.3.${number}`, InstanceNumber: number });

let root = '';
let archive: Archive;
let intake: Intake;
let pulling: { close(): Promise<void> };
let pacs: Server;
let slices: Uint8Array[] = [];
let asked: string[] = [];
let status = 200;
const log: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-pull-'));
  archive = await openArchive(root);
  const events = { kept: () => undefined, notKept: () => undefined, log: () => undefined };
  intake = createIntake(archive, events);
  [slices, asked, status] = [[slice(1), slice(2)], [], 200];
  log.length = 0;
  pacs = createServer(({ url = '', headers }, response) => {
    asked.push(`${headers.authorization} ${url}`);
    if (status !== 200) return response.writeHead(status).end();
    if (url.startsWith('/rs/studies?')) return response.end(JSON.stringify(rows()));
    response.setHeader('content-type', 'multipart/related; type="application/dicom"; boundary=x');
    for (const bytes of slices) {
      response.write('--x\r\nContent-Type: application/dicom\r\n\r\n');
      response.write(bytes);
      response.write('\r\n');
    }
    return response.end('--x--\r\n');
  }).listen(0, '127.0.0.1');
  await once(pacs, 'listening');
});
afterEach(async () => {
  await pulling.close();
  pacs.closeAllConnections();
  pacs.close();
  await intake.close();
  await archive.close();
  await rm(root, { recursive: true });
});

const rows = () => [
  { '0020000D': { vr: 'UI', Value: [STUDY] }, '00201208': { vr: 'IS', Value: [slices.length] } },
];
function start(): void {
  const address = pacs.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const from = {
    name: 'pacs',
    url: `http://127.0.0.1:${port}/rs/`,
    days: 1,
    everySeconds: 0.1,
    token: 'secret',
  };
  pulling = pullFrom(archive, intake, [{ ...from, match: { ModalitiesInStudy: 'CT' } }], (text) =>
    log.push(text),
  );
}
const held = async () => archive.index.study(STUDY)?.objects.size ?? 0;
const pulls = () => asked.filter((line) => line.endsWith(`/rs/studies/${STUDY}`)).length;

test('what an archive has is fetched once, and again when it has more', async () => {
  start();
  await eventually(held, (count) => count === 2, 20);
  expect(asked[0]).toMatch(/^Bearer secret \/rs\/studies\?ModalitiesInStudy=CT&StudyDate=\d{8}-\d{8}&/);
  expect(archive.index.study(STUDY)?.objects.get('1.2.3.1')?.from).toBe('pulled from pacs');
  const looks = asked.length;
  await eventually(
    async () => asked.length,
    (count) => count > looks + 2,
    20,
  );
  expect(pulls()).toBe(1);
  slices.push(slice(3));
  await eventually(held, (count) => count === 3, 20);
  expect(pulls()).toBe(2);
});

test('an archive that refuses is told of once, and asked again', async () => {
  status = 503;
  start();
  await eventually(
    async () => asked.length,
    (count) => count > 2,
    20,
  );
  expect(log).toEqual([expect.stringContaining('it answered 503')]);
  status = 200;
  await eventually(held, (count) => count === 2, 20);
});

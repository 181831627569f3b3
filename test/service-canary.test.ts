// A patient's name, ID and accession number by the DICOM network and to destinations: nowhere but in what was asked for.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CT_IMAGE, ctFile, dataSetOf } from '../src/dicom/ct-fixture.ts';
import { readFileMeta } from '../src/dicom/index.ts';
import { openTestService, STUDY, type TestService } from '../src/server/http/service-fixture.ts';
import {
  createIntake,
  type Destination,
  type DicomProvider,
  listenForDicom,
  openAssociation,
  startDelivering,
} from '../src/server/index.ts';
import { RESULT_FILES } from '../src/service/index.ts';
import { startMllp } from './support/mllp.ts';
import { eventually } from './support/served.ts';

const CANARY = { PatientName: 'Canary^Secret', PatientID: 'CANARY-ID-7', AccessionNumber: 'CANARY-ACC-9' };
const SIGNS = /canary|secret/i;
const FILE = ctFile(CANARY);

let service: TestService;
const log: string[] = [];
beforeEach(async () => {
  service = await openTestService();
  log.length = 0;
});
afterEach(() => service.close());

/** What a hospital would put into a bug report or onto a screen of its IT, with what the routes tell of faults. */
async function toldByService(): Promise<string> {
  const shown = [
    '/metrics',
    '/api/deliveries',
    '/api/worklist',
    '/api/jobs/failed',
    '/api/destinations',
    '/api/audit',
  ];
  const answers = await Promise.all(
    shown.map(async (url) => {
      const { statusCode, body } = await service.app.inject(url);
      expect(statusCode, url).toBe(200);
      return body;
    }),
  );
  const kept = ['journal.jsonl', 'audit.jsonl'].map((name) =>
    readFile(path.join(service.root, name), 'utf8'),
  );
  return [...answers, ...(await Promise.all(kept)), ...log, ...service.log].join('\n');
}

async function bySender(port: number, announced: string, dataSet: Uint8Array): Promise<unknown> {
  const meta = { sopClassUid: String(CT_IMAGE.SOPClassUID), transferSyntaxUid: '1.2.840.10008.1.2.1' };
  const peer = { host: '127.0.0.1', port, calledAe: 'ICHOR', callingAe: 'CT1' };
  const association = await openAssociation(peer, [meta]);
  return association.store({ ...meta, sopInstanceUid: announced, dataSet }).then(
    () => 'kept',
    (thrown: Error) => thrown.message,
  );
}

async function listening(): Promise<{ dicom: DicomProvider; close(): Promise<void> }> {
  const notKept = (reason: unknown) => log.push(String(reason));
  const tell = (text: string) => log.push(text);
  const intake = createIntake(service.archive, { kept: () => undefined, notKept, log: tell });
  const dicom = await listenForDicom({
    ...{ host: '127.0.0.1', port: 0, aeTitle: 'ICHOR', log: tell },
    visit: (sender) => intake.visit(`dicom ${sender.callingAe}`),
  });
  const close = async () => {
    await dicom.close(0);
    await intake.close();
  };
  return { dicom, close };
}

test('by the DICOM network: kept, damaged, announced as another, and no protocol at all', async () => {
  const { dicom, close } = await listening();
  const meta = readFileMeta(FILE, { where: 'test' });
  const dataSet = dataSetOf(FILE);
  expect(await bySender(dicom.port, meta.sopInstanceUid, dataSet)).toBe('kept');
  const faults = [
    await bySender(dicom.port, '1.2.3.9', dataSet),
    await bySender(dicom.port, meta.sopInstanceUid, dataSet.subarray(0, 300)),
    await bySender(dicom.port, meta.sopInstanceUid, Buffer.from('Canary^Secret CANARY-ID-7 '.repeat(40))),
  ];
  for (const fault of faults) expect(fault).not.toBe('kept');
  const stray = connect(dicom.port, '127.0.0.1');
  const answer: Buffer[] = [];
  stray.on('data', (part) => answer.push(part)).on('error', () => undefined);
  stray.end('GET /Canary^Secret?id=CANARY-ID-7 HTTP/1.1\r\n\r\n');
  await once(stray, 'close');
  expect(Buffer.concat(answer).toString('latin1')).not.toMatch(SIGNS);
  expect(faults.join()).not.toMatch(SIGNS);
  expect(await toldByService()).not.toMatch(SIGNS);
  expect(log.length).toBeGreaterThan(2);
  await close();
});

test('to destinations that refuse and say the identity back: in no address, header, webhook, log or trail', async () => {
  const got: { head: string; body: string; url: string }[] = [];
  const web = createServer(async (request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { url = '', rawHeaders } = request;
    got.push({ url, head: rawHeaders.join(), body: Buffer.concat(parts).toString('latin1') });
    response.writeHead(400, 'Canary Secret').end('Canary^Secret, CANARY-ID-7 is not known here');
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const mllp = await startMllp((number) => `AE|${number}|Canary^Secret is not known`);
  await service.receive(undefined, FILE);
  await service.predict(
    {},
    {
      [RESULT_FILES.report]: ctFile({ ...CANARY, SOPInstanceUID: '1.2.826.0.1.9.1' }),
      [RESULT_FILES.fhir]: JSON.stringify({
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ name: 'Canary' }],
      }),
    },
  );
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const [host, port] = ['127.0.0.1', mllp.port];
  const hook = { secret: 'sixteen signs or more', identity: false, privateNetwork: true } as const;
  const destinations: Destination[] = [
    { kind: 'stow', name: 'stow', url: `${url}/stow`, when: 'result' },
    { kind: 'fhir', name: 'fhir', url: `${url}/fhir`, when: 'result' },
    { kind: 'webhook', name: 'hook', url: `${url}/hook`, when: 'result', ...hook },
    { kind: 'hl7', name: 'hl7', host, port, application: '', facility: '', identity: false, when: 'result' },
    { kind: 'dicom', name: 'pacs', ae: 'PACS', host, port, when: 'result' },
  ];
  const delivering = startDelivering(service.archive, destinations, 'ICHOR', (text) => log.push(text));
  const tried = async () => (await service.app.inject('/api/deliveries')).json().items;
  await eventually(tried, (items) => items.length === destinations.length, 20);
  await delivering.close();
  web.close();
  mllp.close();
  for (const { url: asked, head } of got) expect(`${asked} ${head}`).not.toMatch(SIGNS);
  const webhook = got.find(({ url: asked }) => asked === '/hook');
  expect(webhook?.body).toContain('study.positive');
  expect([webhook?.body, ...mllp.messages].join()).not.toMatch(/canary|secret|1\.2\.826/i);
  expect(log).toHaveLength(destinations.length);
  expect(await toldByService()).not.toMatch(SIGNS);
  expect(
    (await tried()).map(({ studyInstanceUid }: { studyInstanceUid: string }) => studyInstanceUid),
  ).toEqual(Array(destinations.length).fill(STUDY));
});

// Results leave by STOW-RS, FHIR and webhooks: to receivers that lose answers, refuse, and come back, once in effect.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ctFile } from '../src/dicom/ct-fixture.ts';
import { openTestService, STUDY, type TestService } from '../src/server/http/service-fixture.ts';
import { type Destination, signatureOf, startDelivering } from '../src/server/index.ts';
import { RESULT_FILES } from '../src/service/index.ts';
import { startMllp } from './support/mllp.ts';
import { eventually } from './support/served.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The answer of an archive that does not take an object a second time. */
const ALREADY_THERE = { '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0x0111] } }] } };

let service: TestService;
let server: Server;
let base = '';
let delivering: { close(): Promise<void> } | undefined;
const received: Received[] = [];
/** What the receiver does with each request, one after another; then it takes all. */
let moods: ('loses' | 'refuses' | 'has it' | 'conflicts' | 'wraps a fault' | 'has several' | 'takes')[] = [];
const log: string[] = [];

beforeEach(async () => {
  service = await openTestService();
  received.length = 0;
  moods = [];
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const mood = moods.shift() ?? 'takes';
    if (mood !== 'refuses')
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) });
    const fault = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'processing' }] };
    if (mood === 'loses') request.socket.destroy();
    else if (mood === 'has it') response.writeHead(409).end(JSON.stringify(ALREADY_THERE));
    else if (mood === 'conflicts') response.writeHead(409).end();
    else if (mood === 'wraps a fault') response.writeHead(200).end(JSON.stringify(fault));
    else if (mood === 'has several') response.writeHead(412).end(JSON.stringify(fault));
    else response.writeHead(mood === 'refuses' ? 422 : 200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await service.receive();
});
afterEach(async () => {
  await delivering?.close();
  server.close();
  await service.close();
});

const FILES = {
  [RESULT_FILES.report]: Buffer.from(ctFile({ SOPInstanceUID: '1.2.826.0.1.9.1' })),
  [RESULT_FILES.fhir]: JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [] }),
};
const start = (destination: Destination) => {
  delivering = startDelivering(service.archive, [destination], 'ICHOR', (text) => log.push(text));
};
const deliveries = async () => (await service.app.inject('/api/deliveries')).json().items;
const requeue = (name: string) =>
  service.app.inject({ method: 'POST', url: `/api/studies/${STUDY}/deliveries/${name}/requeue` });
const SECRET = 'a secret of sixteen signs';

test('an archive that asks for a login by HTTP Basic gets it', async () => {
  const passwordFile = path.join(service.root, 'password');
  await writeFile(passwordFile, 'geheim\n');
  await service.predict({}, FILES);
  start({ kind: 'stow', name: 'web', url: base, when: 'result', user: 'ichor', passwordFile });
  await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
  expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ichor:geheim').toString('base64')}`);
});

test('a webhook whose answer was lost comes again under the same name, signed, without an identity', async () => {
  await service.predict({}, FILES);
  moods = ['loses'];
  start({
    kind: 'webhook',
    name: 'hook',
    url: `${base}/hook`,
    secret: SECRET,
    identity: false,
    privateNetwork: true,
    when: 'positive',
  });
  await eventually(deliveries, ([first]) => first?.state === 'waiting', 20);
  expect((await requeue('hook')).statusCode).toBe(202);
  await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
  const ids = received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  for (const { headers, body } of received) {
    const time = String(headers['webhook-timestamp']);
    expect(headers['webhook-signature']).toBe(signatureOf(SECRET, String(ids[0]), time, body));
    expect(JSON.parse(body.toString())).toMatchObject({ type: 'study.positive', data: { urgent: false } });
    expect(body.toString()).not.toMatch(/1\.2\.826|SECRET/);
  }
  expect((await requeue('hook')).json().code).toBe('nothing-to-requeue');
});

test('STOW-RS sends the objects as they lie there', async () => {
  await service.predict({}, FILES);
  start({ kind: 'stow', name: 'web', url: `${base}/dicom-web/`, token: 'pass', when: 'result' });
  await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
  const [sent] = received;
  expect(sent?.path).toBe(`/dicom-web/studies/${STUDY}`);
  expect(sent?.headers.authorization).toBe('Bearer pass');
  expect(sent?.body.includes(FILES[RESULT_FILES.report])).toBe(true);
});

test.each([['takes'], ['has it']] as const)(
  'STOW-RS whose answer was lost, to an archive that then %s: the same objects, delivered once in effect',
  async (then) => {
    await service.predict({}, FILES);
    moods = ['refuses', 'loses', then];
    start({ kind: 'stow', name: 'web', url: base, when: 'result' });
    for (const reason of ['destination-refused', 'destination-unreachable']) {
      await eventually(deliveries, ([first]) => first?.reasonCode === reason && first.tries > 0, 20);
      await requeue('web');
    }
    await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
    // What was taken twice bears the same UIDs: an archive has each object once
    const bodies = received.map(({ headers, body }) => {
      const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? '';
      return body.toString('latin1').replaceAll(boundary, 'boundary');
    });
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(received).toHaveLength(2);
  },
);

test.each([
  ['a STOW-RS server that answers 409 without a word', 'stow', 'conflicts'],
  ['a FHIR server that wraps a fault into a success', 'fhir', 'wraps a fault'],
] as const)('%s has taken nothing', async (_, kind, mood) => {
  await service.predict({}, FILES);
  moods = [mood];
  start({ kind, name: 'web', url: base, when: 'result' });
  await eventually(deliveries, ([first]) => first?.tries > 0, 20);
  expect((await deliveries())[0]).toMatchObject({ state: 'waiting', reasonCode: 'destination-refused' });
});

test('a FHIR server that has the bundle more than once has it', async () => {
  await service.predict({}, FILES);
  moods = ['has several'];
  start({ kind: 'fhir', name: 'web', url: base, when: 'result' });
  await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
});

test('a FHIR server is asked to create the bundle where it has it not, by the same identifier each time', async () => {
  await service.predict({}, FILES);
  moods = ['loses'];
  start({ kind: 'fhir', name: 'ehr', url: `${base}/fhir`, when: 'result' });
  await eventually(deliveries, ([first]) => first?.state === 'waiting', 20);
  await requeue('ehr');
  await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
  expect(new Set(received.map(({ headers }) => headers['if-none-exist'])).size).toBe(1);
  const { identifier } = JSON.parse(received[0]?.body.toString() ?? '');
  expect(decodeURIComponent(String(received[0]?.headers['if-none-exist']))).toBe(
    `identifier=${identifier.system}|${identifier.value}`,
  );
});

test('who refuses and who is not to hear of it: told, and nothing sent', async () => {
  await service.predict({ positive: false }, FILES);
  moods = ['refuses'];
  start({ kind: 'stow', name: 'web', url: base, when: 'result' });
  const [refused] = await eventually(deliveries, ([first]) => first !== undefined, 20);
  expect(refused).toMatchObject({ state: 'waiting', reasonCode: 'destination-refused' });
  await delivering?.close();
  start({
    kind: 'webhook',
    name: 'hook',
    url: base,
    secret: SECRET,
    identity: false,
    privateNetwork: true,
    when: 'positive',
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(received).toEqual([]);
});

test('a study without a result is told to who asks for that', async () => {
  await service.archive.move(STUDY, 'receiving', 'queued', 'test');
  await service.archive.move(STUDY, 'queued', 'predicting', 'test');
  await service.archive.move(STUDY, 'predicting', 'refused', 'test', { code: 'not-head', text: '' });
  start({
    kind: 'webhook',
    name: 'hook',
    url: base,
    secret: SECRET,
    identity: true,
    privateNetwork: true,
    when: 'refused',
  });
  await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
  expect(JSON.parse(received[0]?.body.toString() ?? '')).toMatchObject({
    type: 'study.refused',
    data: { studyInstanceUid: STUDY },
  });
});

test('an HL7 message that nobody could be named in is given up at once, and told', async () => {
  const { [RESULT_FILES.report]: _, ...withoutReport } = FILES;
  await service.predict({}, withoutReport);
  const names = { application: 'RIS', facility: '' };
  start({ kind: 'hl7', name: 'ris', host: '127.0.0.1', port: 9, ...names, identity: true, when: 'result' });
  await eventually(deliveries, ([first]) => first?.state === 'given-up', 20);
  const [first] = await deliveries();
  expect(first).toMatchObject({ reasonCode: 'report-missing', tries: 1 });
  expect(JSON.stringify([first, log])).not.toContain(service.root);
});

test('an HL7 receiver that hangs up and refuses gets the same message until it takes it', async () => {
  const answers = [undefined, 'AE', 'AR', 'AA'];
  const mllp = await startMllp((number) => {
    const code = answers.shift();
    return code && `${code}|${number}`;
  });
  await service.predict({}, FILES);
  const { port, messages } = mllp;
  const names = { application: 'RIS', facility: '' };
  start({ kind: 'hl7', name: 'ris', host: '127.0.0.1', port, ...names, identity: false, when: 'result' });
  for (const reason of ['destination-unreachable', 'destination-refused', 'destination-unreachable']) {
    await eventually(deliveries, ([first]) => first?.reasonCode === reason && first.tries > 0, 20);
    await requeue('ris');
  }
  await eventually(deliveries, ([first]) => first?.state === 'delivered', 20);
  expect(messages).toHaveLength(4);
  expect(new Set(messages).size).toBe(1);
  expect(messages[0]).not.toMatch(/SECRET|Secret|1\.2\.826/);
  mllp.close();
});

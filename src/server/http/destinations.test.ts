import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { currentResult } from '../../archive/index.ts';
import type { Destination } from '../delivery/destinations.ts';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

const REFUSED = { code: 'destination-refused', text: 'hook refused: status 400' };
const hl7 = { application: '', facility: '', identity: false } as const;
const listener = createServer();
let service: TestService;
beforeEach(async () => {
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const destinations: Destination[] = [
    { kind: 'hl7', name: 'ris', host: '127.0.0.1', port, when: 'positive', ...hl7 },
    { kind: 'fhir', name: 'hook', url: 'http://me:secret@127.0.0.1:1/secret?key=secret', when: 'result' },
  ];
  service = await openTestService({ destinations });
  await service.receive();
  await service.predict();
});
afterEach(async () => {
  await service.close();
  listener.close();
});

const listed = async () => (await service.app.inject('/api/destinations')).json().items;
const post = (url: string) => service.app.inject({ method: 'POST', url });
const tried = async (destination: string, failure?: typeof REFUSED) => {
  const held = service.archive.index.study(STUDY);
  const { folder } = (held && currentResult(held)) ?? { folder: 'none' };
  await service.archive.tried(STUDY, folder, destination, failure);
};

test('each destination tells what it has, waits for and refused, and no secret of its address', async () => {
  const none = { delivered: 0, waiting: 0, 'given-up': 0 };
  expect(await listed()).toMatchObject([
    { name: 'hook', kind: 'fhir', address: 'http://127.0.0.1:1', studies: { ...none, waiting: 1 } },
    { name: 'ris', kind: 'hl7', when: 'positive', studies: { ...none, waiting: 1 } },
  ]);
  expect(JSON.stringify(await listed())).not.toContain('secret');
  await tried('ris');
  for (let i = 0; i < 10; i++) await tried('hook', REFUSED);
  const [hook, ris] = await listed();
  expect(hook).toMatchObject({ studies: { ...none, 'given-up': 1 }, lastFailure: REFUSED });
  expect(ris).toMatchObject({ studies: { ...none, delivered: 1 }, lastDeliveredAt: expect.any(String) });
});

test('what waits for its first try is listed, as many as each destination counts', async () => {
  const waiting = async () => (await service.app.inject('/api/deliveries?state=waiting')).json().items;
  expect(await waiting()).toMatchObject([
    { destination: 'hook', tries: 0, studyInstanceUid: STUDY, at: expect.any(String) },
    { destination: 'ris', tries: 0 },
  ]);
  await tried('ris');
  await tried('hook', REFUSED);
  expect(await waiting()).toMatchObject([{ destination: 'hook', tries: 1 }]);
  expect((await service.app.inject('/api/deliveries')).json().items).toHaveLength(2);
});

test('all that a destination refused too often is put back at once', async () => {
  for (let i = 0; i < 10; i++) await tried('hook', REFUSED);
  expect((await post('/api/destinations/hook/requeue')).json()).toEqual({ requeued: 1 });
  const [hook] = await listed();
  expect(hook.studies).toEqual({ delivered: 0, waiting: 1, 'given-up': 0 });
  expect((await post('/api/destinations/hook/requeue')).json()).toEqual({ requeued: 0 });
});

test('a check says whether a destination answers now', async () => {
  expect((await post('/api/destinations/ris/check')).json()).toMatchObject({ well: true });
  expect((await post('/api/destinations/hook/check')).json()).toMatchObject({
    well: false,
    code: 'destination-unreachable',
  });
  expect((await post('/api/destinations/nobody/check')).statusCode).toBe(404);
});

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ctFile } from '../src/dicom/ct-fixture.ts';
import { INSTANCE, openTestService, STUDY, type TestService } from '../src/server/http/service-fixture.ts';

/** A patient whose name, ID and accession number must turn up nowhere but in what is asked for. */
const CANARY = { PatientName: 'Canary^Secret', PatientID: 'CANARY-ID-7', AccessionNumber: 'CANARY-ACC-9' };
const CANARY_SIGNS = /canary/i;
const OUTSIDE = 'a file beside the data folder';

let root = '';
let service: TestService;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-strangers-'));
  await mkdir(path.join(root, 'page', 'assets'), { recursive: true });
  await writeFile(path.join(root, 'page', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(path.join(root, 'outside.txt'), OUTSIDE);
  service = await openTestService({ pageFolder: path.join(root, 'page') });
  await writeFile(path.join(service.root, 'results', 'outside.txt'), OUTSIDE);
  await service.receive(undefined, ctFile(CANARY));
  await service.predict();
});
afterAll(async () => {
  await service.close();
  await rm(root, { recursive: true });
});
afterEach(() => expect(service.log.join('\n')).not.toMatch(CANARY_SIGNS));

const CLIMBS = [
  '../outside.txt',
  '..%2foutside.txt',
  '%2e%2e/outside.txt',
  '..%5coutside.txt',
  '..%252foutside.txt',
];
/** What stands beside the data folder and the page, asked for in every way. */
const places = (climb: string) => [
  `/${climb}`,
  `/assets/${climb}`,
  `/api/studies/${climb}`,
  `/api/studies/${STUDY}/results/${climb}`,
  `/api/studies/${STUDY}/results/%2fetc%2fpasswd`,
  `/api/studies/${STUDY}/objects/${climb}`,
  `/dicomweb/studies/${climb}`,
];

test.each(CLIMBS)('no path climbs out: %s', async (climb) => {
  for (const url of places(climb)) {
    const answer = await service.app.inject(url);
    expect([400, 403, 404], url).toContain(answer.statusCode);
    expect(answer.body, url).not.toMatch(/beside the data folder|root:/);
  }
});

const HOSTILE = [
  "' OR 1=1 --",
  "'; DROP TABLE studies; --",
  '%24{jndi:ldap://evil}',
  '<script>alert(1)</script>',
  '\u0000',
  '%00',
];

test.each(HOSTILE)('%j is a value, or refused: never a fault, never said again', async (text) => {
  const value = encodeURIComponent(text);
  const urls = [
    `/api/worklist?after=${value}`,
    `/api/audit?who=${value}`,
    `/api/audit?study=${value}`,
    `/api/studies/${value}`,
    `/dicomweb/studies?PatientID=${value}`,
    `/login?next=${value}`,
  ];
  for (const url of urls) {
    const { statusCode, body } = await service.app.inject(url);
    expect(statusCode, url).toBeLessThan(500);
    if (statusCode >= 400) expect(body, url).not.toContain(text);
    expect(body, url).not.toContain('<script>');
  }
  expect((await service.app.inject('/api/worklist')).json().items).toHaveLength(1);
});

test.each([
  ['a body that is none', 'application/json', '{"verdict":', 400],
  ['a prototype', 'application/json', '{"__proto__":{"role":"administrator"}}', 400],
  ['a body too large', 'application/json', JSON.stringify({ comment: 'x'.repeat(100_000) }), 413],
  ['another type', 'text/xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 415],
] as const)('%s is refused', async (_, type, payload, status) => {
  const answer = await service.app.inject({
    method: 'POST',
    url: `/api/studies/${STUDY}/verdict`,
    headers: { 'content-type': type },
    payload,
  });
  expect(answer.statusCode).toBe(status);
});

test('headers that are too long are refused by the server itself', async () => {
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as AddressInfo;
  const statusOf = (headers: Record<string, string>, method = 'GET') =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/health/live', method, headers, agent: false }, (answer) =>
        resolve(answer.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });
  expect(await statusOf({ 'x-long': 'x'.repeat(20_000) })).toBe(431);
  expect(await statusOf({}, 'DELETE')).toBe(404);
  expect(await statusOf({})).toBe(200);
});

test('an address that asks too often waits, and others do not', async () => {
  const limited = await openTestService({ mostRequests: 3 });
  const statusOf = async (remoteAddress: string) => {
    const answer = await limited.app.inject({ url: '/health/live', remoteAddress });
    return [answer.statusCode, Number(answer.headers['retry-after'] ?? 0) > 0];
  };
  for (let i = 0; i < 3; i++) expect(await statusOf('10.0.0.1')).toEqual([200, false]);
  expect(await statusOf('10.0.0.1')).toEqual([429, true]);
  expect(await statusOf('10.0.0.2')).toEqual([200, false]);
  await limited.close();
});

test('no route takes an address that the service would then ask', async () => {
  const { paths } = (await service.app.inject('/api/openapi.json')).json();
  const names = [...JSON.stringify(paths).matchAll(/"(?:name|format)":"([^"]+)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(
    names.filter((name) => /^(ur[il]|host|address|callback|webhook|origin)/i.test(String(name))),
  ).toEqual([]);
});

/** Objects that carry the canary and are refused each in its way. */
const FAULTS: readonly (readonly [string, string, string, Uint8Array | string])[] = [
  ['no DICOM', '/api/upload', 'application/dicom', 'Canary^Secret'],
  ['cut in the middle', '/api/upload', 'application/dicom', ctFile(CANARY).subarray(0, 700)],
  ['no zip', '/api/upload', 'application/zip', 'PK\u0003\u0004Canary^Secret'],
  [
    'another study than was said',
    '/dicomweb/studies/1.2.3',
    'multipart/related; type="application/dicom"; boundary=x',
    Buffer.concat([
      Buffer.from('--x\r\nContent-Type: application/dicom\r\n\r\n'),
      ctFile(CANARY),
      Buffer.from('\r\n--x--\r\n'),
    ]),
  ],
];

test.each(FAULTS)(
  'a canary in an object that is refused (%s) is not in the answer',
  async (_, url, type, payload) => {
    const answer = await service.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': type },
      payload: Buffer.from(payload),
    });
    expect(answer.body).not.toMatch(CANARY_SIGNS);
  },
);

test('through all routes the canary is in no error, no header, no metric, no trail and no log', async () => {
  for (const { method, url } of service.registered) {
    if (url === '/api/events') continue;
    for (const study of [STUDY, '1.2.3']) {
      const path = url
        .replace(/:study\??/g, study)
        .replaceAll(/:\w+/g, '1.2.3')
        .replace('*', 'Canary');
      const answer = await service.app.inject({
        method: [method].flat().includes('POST') ? 'POST' : 'GET',
        url: `${path}?PatientName=Canary&PatientID=CANARY-ID-7`,
      });
      expect(JSON.stringify(answer.headers), url).not.toMatch(CANARY_SIGNS);
      if (answer.statusCode >= 400) expect(answer.body, url).not.toMatch(CANARY_SIGNS);
    }
  }
  // A fault of the service: the object's file is gone
  await rm(path.join(service.root, 'objects'), { recursive: true });
  for (const url of [`/api/studies/${STUDY}`, `/api/studies/${STUDY}/objects/${INSTANCE}`])
    expect((await service.app.inject(url)).body).not.toMatch(CANARY_SIGNS);
  expect((await service.app.inject('/metrics')).body).not.toMatch(CANARY_SIGNS);
  expect(await readFile(path.join(service.root, 'audit.jsonl'), 'utf8')).not.toMatch(CANARY_SIGNS);
  expect(service.log.join('\n')).not.toMatch(CANARY_SIGNS);
});

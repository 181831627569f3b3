import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ctFile } from '../../dicom/ct-fixture.ts';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
let port = 0;
beforeEach(async () => {
  service = await openTestService();
  port = Number(new URL(await service.app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterEach(() => service.close());

const send = (contentType: string, payload: Uint8Array, url = '/api/upload') =>
  service.app.inject({
    ...{ method: 'POST', url, payload: Buffer.from(payload) },
    headers: { 'content-type': contentType },
  });
const formOf = (...files: readonly Uint8Array[]) =>
  Buffer.concat([
    ...files.flatMap((file, i) => [
      Buffer.from(`--x\r\nContent-Disposition: form-data; name="file"; filename="${i}.dcm"\r\n\r\n`),
      file,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--x--\r\n'),
  ]);
const FORM = 'multipart/form-data; boundary=x';
const numbered = (number: number) => ctFile({ SOPInstanceUID: `1.2.3.${number}` });
const GARBAGE = new TextEncoder().encode('x'.repeat(500));

test.each([
  ['application/zip', zipSync({ 'a.dcm': numbered(1) }), 1],
  ['application/x-zip-compressed', zipSync({ 'a.dcm': numbered(1) }), 1],
  [FORM, formOf(numbered(1)), 1],
  [FORM, formOf(numbered(1), zipSync({ 'b.dcm': numbered(2), 'c.dcm': numbered(3) })), 3],
])('%s is taken: %#', async (type, body, kept) => {
  const answer = await send(type, body);
  expect([answer.statusCode, answer.json()]).toEqual([200, { kept, duplicates: 0, notKept: {} }]);
  expect(service.archive.index.study(STUDY)?.objects.size).toBe(kept);
  expect(await readdir(service.archive.folders.incoming)).toEqual([]);
});

test.each([
  ['garbage', 'application/dicom', GARBAGE, 'nothing-kept', 'not-dicom: 1'],
  ['a zip of nothing', 'application/zip', zipSync({}), 'nothing-kept', 'it holds no file'],
  ['a form of nothing', FORM, formOf(), 'nothing-kept', 'it holds no file'],
  [
    'a zip in a zip',
    'application/zip',
    zipSync({ 'a.zip': zipSync({ b: numbered(1) }) }),
    'zip-nested',
    'a zip lies within the zip',
  ],
  ['a form that is cut', FORM, formOf(numbered(1)).subarray(0, -200), 'multipart-damaged', 'end'],
])('%s is refused, with the reason', async (_, type, body, code, text) => {
  const answer = await send(type, body);
  expect([answer.statusCode, answer.json().code]).toEqual([422, code]);
  expect(answer.json().text).toContain(text);
  expect(await readdir(service.archive.folders.incoming)).toEqual([]);
});

test('of a zip that nests nothing is kept, whatever comes before the inner one', async () => {
  const answer = await send(
    'application/zip',
    zipSync({ 'a.dcm': numbered(1), 'b.bin': zipSync({ c: numbered(2) }) }),
  );
  expect([answer.statusCode, answer.json().code]).toEqual([422, 'zip-nested']);
  expect(service.archive.index.study(STUDY)).toBeUndefined();
  expect(await readdir(service.archive.folders.incoming)).toEqual([]);
});

test.each([
  ['/api/upload', 'application/x-rar', ['application/zip', 'application/dicom', 'multipart/form-data']],
  ['/dicomweb/studies', 'application/x-rar', ['multipart/related']],
  ['/api/upload', 'multipart/form-data', ['boundary']],
])('%s with %s: what is taken instead is named', async (url, type, named) => {
  const answer = await send(type, FILE, url);
  expect(answer.statusCode).toBe(415);
  for (const one of named) expect(answer.json().text).toContain(one);
});

const FILE = Buffer.from(ctFile());
const STOW = 'multipart/related; type="application/dicom"; boundary=x';
const UPLOADS = [
  ['/api/upload', 'application/dicom', FILE],
  [
    '/dicomweb/studies',
    STOW,
    Buffer.concat([Buffer.from('--x\r\nContent-Type: application/dicom\r\n\r\n'), FILE]),
  ],
] as const;

/** Sends the head of a request and so many bytes of what it announces, and is gone. */
async function sendAndGo(route: string, type: string, sent: Uint8Array): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const head = `POST ${route} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: 99999\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), sent]));
  await once(socket.resume(), 'close');
}

test('the file of an upload is there before its first byte is asked for, so that removing it later finds it', async () => {
  const { incoming } = service.archive.folders;
  let there: string[] = [];
  async function* body() {
    there = await readdir(incoming);
    yield FILE;
  }
  const headers = { 'content-type': 'application/dicom' };
  await service.app.inject({ method: 'POST', url: '/api/upload', payload: Readable.from(body()), headers });
  expect(there).toEqual([expect.stringMatching(/\.upload$/)]);
  expect(await readdir(incoming)).toEqual([]);
});

test.each(UPLOADS)('%s: senders that go away, sooner or later, leave nothing', async (route, type, body) => {
  const shares = Array.from({ length: 40 }, (_, i) => i / 39);
  await Promise.all(
    shares.map((share) => sendAndGo(route, type, body.subarray(0, Math.floor(share * body.length)))),
  );
  await expect.poll(() => readdir(service.archive.folders.incoming)).toEqual([]);
  // Nor does one that is late
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await readdir(service.archive.folders.incoming)).toEqual([]);
});

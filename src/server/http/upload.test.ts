import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ctFile } from '../../dicom/ct-fixture.ts';
import { openTestService, type TestService } from './service-fixture.ts';

let service: TestService;
let port = 0;
beforeEach(async () => {
  service = await openTestService();
  port = Number(new URL(await service.app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterEach(() => service.close());

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

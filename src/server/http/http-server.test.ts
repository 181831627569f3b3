// Who is silent is cut off; who waits for us is not.
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { httpServer } from './http-server.ts';

const SILENCE_MS = 150;
let server: Server;
afterEach(() => server.close());

/** What a client gets that sends this and then nothing more. */
async function answerTo(handler: RequestListener, sent: string): Promise<string> {
  server = httpServer(handler, undefined, SILENCE_MS).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
  socket.write(sent);
  let answer = '';
  for await (const piece of socket) answer += piece;
  return answer;
}

const POST = (bytes: number) =>
  `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`;

/** Takes so long with each piece, and at the end; a client that is gone has no answer. */
const takes =
  (pieceMs: number, endMs: number): RequestListener =>
  async (request, response) => {
    try {
      for await (const _ of request) await pause(pieceMs);
      await pause(endMs);
      response.end('kept');
    } catch {
      response.destroy();
    }
  };
const slow = takes(0, 5 * SILENCE_MS);
const slowPieces = takes(3 * SILENCE_MS, 0);

test.each([
  ['an upload that takes long to keep is answered', slow, `${POST(3)}abc`, /kept/],
  ['also while it is not read whole', slowPieces, `${POST(300_000)}${'a'.repeat(300_000)}`, /kept/],
  ['a body that stops is cut', slow, `${POST(3)}a`, /^$/],
  ['headers that stop are cut', slow, 'POST / HTTP/1.1\r\nHost', /^$/],
])('%s', async (_, handler, sent, answer) => {
  expect(await answerTo(handler, sent).catch(() => '')).toMatch(answer);
});

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isPrivate, type Post, post } from './http-post.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function receiver(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}
const what = (url: string, rest: Partial<Post> = {}): Post => ({
  ...{ name: 'hook', url, headers: {}, body: Buffer.from('{}'), privateNetwork: true, withinMs: 500 },
  ...rest,
});
const codeOf = (posting: Promise<unknown>) =>
  posting.then(
    () => 'taken',
    (thrown: { code?: string }) => thrown.code,
  );

test.each([
  [204, 'taken'],
  [400, 'destination-refused'],
  [302, 'destination-refused'],
  [429, 'destination-unreachable'],
  [503, 'destination-unreachable'],
])('an answer of %i: %s', async (status, expected) => {
  let asked = 0;
  const url = await receiver((_, response) => {
    asked++;
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  expect(await codeOf(post(what(url)))).toBe(expected);
  expect(asked).toBe(1);
});

test.each<[string, RequestListener]>([
  ['that never answers', () => undefined],
  ['that answers and never ends', (_, response) => response.writeHead(200).write('a')],
  ['that hangs up', (request) => request.socket.destroy()],
  ['that sends without an end', (_, response) => response.writeHead(200).end(Buffer.alloc(2_000_000))],
])('a receiver %s is told as one that cannot be reached', async (_, answer) => {
  expect(await codeOf(post(what(await receiver(answer))))).toBe('destination-unreachable');
});

test.each(['', 'localhost'])('a private address is refused unless it is meant: %s', async (name) => {
  let asked = 0;
  const url = await receiver((_, response) => {
    asked++;
    response.end();
  });
  const place = name === '' ? url : url.replace('127.0.0.1', name);
  expect(await codeOf(post(what(place, { privateNetwork: false })))).toBe('destination-refused');
  expect(asked).toBe(0);
});

test.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['8.8.8.8', false],
  ['::1', true],
  ['::ffff:10.0.0.1', true],
  ['::ffff:8.8.8.8', false],
  ['fd00::1', true],
  ['2606:4700::1111', false],
])('%s is private: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected);
});

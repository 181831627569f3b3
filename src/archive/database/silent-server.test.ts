// A database that takes the login and then says nothing.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openDatabase } from './open-database.ts';

/** AuthenticationOk and ReadyForQuery (PostgreSQL, frontend/backend protocol 3.0). */
const WELCOME = Buffer.from([
  ...Buffer.from('R'),
  0,
  0,
  0,
  8,
  0,
  0,
  0,
  0,
  ...Buffer.from('Z'),
  0,
  0,
  0,
  5,
  0x49,
]);

test('a server that falls silent is away after a while, and its connections are given up', async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.once('data', () => socket.write(WELCOME));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(openDatabase(`postgres://user@127.0.0.1:${port}/ichor`, 200)).rejects.toThrow(/timeout/i);
  await expect.poll(() => sockets.size, { timeout: 10_000 }).toBe(0);
  server.close();
});

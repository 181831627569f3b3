import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { BlockList, isIP, type Socket } from 'node:net';
import { LEAST_TLS } from '../tls.ts';

const HEADERS_MS = 10_000;
/** From the first byte of a request to its last: an upload over a slow line has its time, a byte a second has not. */
const REQUEST_MS = 30 * 60_000;
const SILENCE_MS = 60_000;
const GRACE_MS = 500;
const KEEP_ALIVE_MS = 10_000;
const MOST_CONNECTIONS = 256;

/** A server that nobody can hold up: it limits connections, their number and their time. */
export function httpServer(
  handler: RequestListener,
  tls?: { readonly cert: string; readonly key: string },
  silenceMs = SILENCE_MS,
): Server {
  const limits = {
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: 16_384,
  };
  const server =
    tls === undefined
      ? createServer(limits, handler)
      : createTlsServer({ ...limits, ...tls, minVersion: LEAST_TLS, handshakeTimeout: HEADERS_MS }, handler);
  cutSilent(server, silenceMs);
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

/** Who says nothing for so long is cut off, unless it waits for us: slices of a large upload are synced one by one. */
function cutSilent(server: Server, silenceMs: number): void {
  const asked = new WeakMap<
    Socket,
    { readonly request: IncomingMessage; readonly response: ServerResponse }
  >();
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    asked.set(request.socket, { request, response });
  });
  const waitsForUs = (socket: Socket): boolean => {
    const { request, response } = asked.get(socket) ?? {};
    const hasSent = request !== undefined && (request.complete || request.readableLength > 0);
    return hasSent && response?.headersSent === false;
  };
  server.setTimeout(silenceMs, (socket) => {
    const before = socket.bytesRead;
    const decide = (): void => {
      if (waitsForUs(socket) || socket.bytesRead > before) socket.setTimeout(silenceMs);
      else socket.destroy();
    };
    // Not at once: what came meanwhile may not be read yet
    setTimeout(decide, GRACE_MS).unref();
  });
}

/** Addresses (`10.0.0.7`) and networks (`10.0.0.0/24`), as the settings name them. */
export function addressList(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

export function isListed(list: BlockList, address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return isIP(plain) !== 0 && list.check(plain, familyOf(plain));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

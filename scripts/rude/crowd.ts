import { connect, type Socket } from 'node:net';
import { zipSync } from 'fflate';
import { associationRequest } from '../../test/support/scripted-peer.ts';

export interface Ports {
  readonly http: number;
  readonly dicom: number;
}

/** How a kind of rude peer behaves; each comes back when it was cut. */
interface Rudeness {
  readonly peers: number;
  readonly port: keyof Ports;
  /** After a cut, until it comes back. */
  readonly comesBackMs: number;
  begin(socket: Socket): void;
}

const ECHO_ONLY = [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }];
const REQUEST = associationRequest(ECHO_ONLY);
const HTTP_REQUEST = Buffer.from(
  'GET /api/worklist HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n',
);
const FOUR_GB = Buffer.concat([Buffer.from([1, 0, 255, 255, 255, 255]), Buffer.alloc(60_000)]);

const RUDE: Readonly<Record<string, Rudeness>> = {
  'associate and say nothing': {
    peers: 500,
    port: 'dicom',
    comesBackMs: 10_000,
    begin: (socket) => void socket.write(REQUEST),
  },
  'say nothing': { peers: 10, port: 'dicom', comesBackMs: 1000, begin: () => undefined },
  'close their half': {
    peers: 10,
    port: 'dicom',
    comesBackMs: 1000,
    begin: (socket) => void socket.end(REQUEST.subarray(0, 40)),
  },
  'send a byte a second': {
    peers: 20,
    port: 'dicom',
    comesBackMs: 1000,
    begin: (socket) => drip(socket, REQUEST),
  },
  'send HTTP a byte a second': {
    peers: 20,
    port: 'http',
    comesBackMs: 1000,
    begin: (socket) => drip(socket, HTTP_REQUEST),
  },
  'announce 4 GB': {
    peers: 2,
    port: 'dicom',
    comesBackMs: 1000,
    begin: (socket) => void socket.write(FOUR_GB),
  },
};

function drip(socket: Socket, bytes: Uint8Array): void {
  let sent = 0;
  const dripping = setInterval(
    () => socket.write(bytes.subarray(sent % bytes.length, (sent++ % bytes.length) + 1)),
    1000,
  );
  socket.on('close', () => clearInterval(dripping));
}

/** Addresses of this machine beside the good peer's: a crowd of a few hundred machines. */
export const addressOf = (number: number): string =>
  `127.0.${1 + Math.floor(number / 200)}.${1 + (number % 200)}`;

/** Lets them all in, and keeps them coming until they are told to go. Returns what ends it. */
export function startCrowd(ports: Ports): () => void {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;
  let number = 0;
  const enter = (rudeness: Rudeness, localAddress: string): void => {
    if (isOver) return;
    const socket = connect({
      host: '127.0.0.1',
      port: ports[rudeness.port],
      localAddress,
      allowHalfOpen: true,
    });
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('connect', () => rudeness.begin(socket));
    socket.on('end', () => socket.destroy());
    socket.resume().on('close', () => {
      sockets.delete(socket);
      const timer = setTimeout(() => {
        timers.delete(timer);
        enter(rudeness, localAddress);
      }, rudeness.comesBackMs);
      timers.add(timer);
    });
  };
  for (const rudeness of Object.values(RUDE))
    for (let i = 0; i < rudeness.peers; i++) enter(rudeness, addressOf(number++));
  return () => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
  };
}

/** 200 MB of zeros in some 200 kB. The service says 413 and keeps nothing. */
export const zipBomb = (): Uint8Array<ArrayBuffer> => {
  const zeros = new Uint8Array(100_000_000);
  return new Uint8Array(zipSync({ 'a.dcm': zeros, 'b.dcm': zeros }, { level: 6 }));
};

import { connect as connectPlainly, type Socket } from 'node:net';
import { connect as connectByTls, type TLSSocket } from 'node:tls';
import { readText } from '../files/index.ts';
import { LEAST_TLS } from './tls.ts';

/** Whether a peer is spoken to by TLS, and what is asked of it and shown to it: PEM files. */
export interface PeerTls {
  readonly tls?: boolean;
  /** Authorities that its certificate must be of; the public ones where it is absent. */
  readonly ca?: string;
  /** The name that its certificate must bear, where that is not the host. */
  readonly tlsName?: string;
  /** Ours, for a peer that asks who comes. */
  readonly cert?: string;
  readonly key?: string;
}

export interface SocketPeer extends PeerTls {
  readonly host: string;
  readonly port: number;
}

const CONNECT_MS = 10_000;

/**
 * A connection that is open for both sides; by TLS, when the peer has shown the certificate that it must. A signal that is aborted
 * cuts it, also later. The files are read each time, so that renewed ones need no restart. Throws what reading and connecting throw.
 */
export async function openSocket(peer: SocketPeer, signal?: AbortSignal): Promise<Socket> {
  const [socket, opened] =
    peer.tls === true ? [await byTls(peer), 'secureConnect'] : [plainly(peer), 'connect'];
  cutOn(socket, signal);
  return new Promise((resolve, reject) => {
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error('no connection in time')));
    socket.once(opened, () => resolve(socket.setTimeout(0)));
    // Later ones are met by whoever reads; between two reads they would end the process
    socket.on('error', reject);
  });
}

const plainly = ({ host, port }: SocketPeer): Socket => connectPlainly({ host, port, noDelay: true });

async function byTls({ host, port, ca, tlsName, cert, key }: SocketPeer): Promise<TLSSocket> {
  return connectByTls({
    ...{ host, port, noDelay: true, minVersion: LEAST_TLS },
    ...(ca !== undefined && { ca: await readText(ca) }),
    ...(tlsName !== undefined && { servername: tlsName }),
    ...(cert !== undefined && { cert: await readText(cert) }),
    ...(key !== undefined && { key: await readText(key) }),
  });
}

function cutOn(socket: Socket, signal?: AbortSignal): void {
  const cut = (): void => void socket.destroy(new Error('we stop'));
  if (signal?.aborted) cut();
  signal?.addEventListener('abort', cut, { once: true });
  socket.once('close', () => signal?.removeEventListener('abort', cut));
}

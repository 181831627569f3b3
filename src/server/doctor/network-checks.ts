import { once } from 'node:events';
import { createServer } from 'node:net';
import { errnoOf, IchorError, messageOf } from '../../base/index.ts';
import type { DicomDestination } from '../delivery/destinations.ts';
import { openAssociation } from '../dicom-network/requester.ts';
import { openSocket, type PeerTls, type SocketPeer } from '../peer-socket.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { Said } from './finding.ts';
import { authorities, tls } from './setup-checks.ts';

type Peer = Settings['destinations'][number];

/** Free, or taken by the service that runs on the data folder. */
export async function freePort(
  what: string,
  host: string,
  port: number,
  isServed: () => Promise<boolean>,
): Promise<Said> {
  const fault = await listenFault(host, port);
  if (fault === undefined) return { text: `${host}:${port} is free` };
  if (errnoOf(fault) === 'EADDRINUSE' && (await isServed()))
    return { text: `${host}:${port} is taken by the service that runs` };
  const text = `${what} cannot be served at ${host}:${port}: ${messageOf(fault)}`;
  throw new IchorError('port-unavailable', text, { cause: fault });
}

export async function differentPorts({ port }: Settings['server'], dicom: Settings['dicom']): Promise<Said> {
  if (port !== 0 && port === dicom.port)
    throw new IchorError(
      'ports-equal',
      `server.port and dicom.port are both ${port}; give one of them another`,
    );
  return { text: `HTTP ${port}, DICOM ${dicom.port}` };
}

/** C-ECHO; of the others whether somebody listens. */
export async function destination(peer: Peer, callingAe: string): Promise<Said> {
  if ('url' in peer) return listens(placeIn(peer.url));
  const shown = await tlsFiles(peer);
  const { text } = peer.kind === 'hl7' ? await listens(peer) : await echoes(peer, callingAe);
  return { ...shown, text: shown.code === undefined ? text : `${text}; ${shown.text}` };
}

async function echoes(peer: DicomDestination, callingAe: string): Promise<Said> {
  const { ae, host, port } = peer;
  using association = await openAssociation({ ...peer, calledAe: ae, callingAe });
  await association.echo();
  await association.release();
  return { text: `${ae} at ${host}:${port} answers C-ECHO` };
}

/** What is asked of the peer and shown to it can be read, and serves a while yet. */
async function tlsFiles({ ca, cert, key }: PeerTls): Promise<Said> {
  if (ca !== undefined) await authorities(ca);
  return tls(cert === undefined || key === undefined ? undefined : { cert, key });
}

function placeIn(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

async function listens(peer: SocketPeer): Promise<Said> {
  const place = `${peer.host}:${peer.port}`;
  try {
    (await openSocket(peer)).destroy();
    return { text: `${place} takes connections` };
  } catch (cause) {
    const text = `${place} cannot be reached: ${messageOf(cause)}`;
    throw new IchorError('destination-unreachable', text, { cause });
  }
}

async function listenFault(host: string, port: number): Promise<unknown> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return undefined;
  } catch (thrown) {
    return thrown;
  } finally {
    server.close();
  }
}

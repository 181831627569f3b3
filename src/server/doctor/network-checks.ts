import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { errnoOf, IchorError, messageOf } from '../../base/index.ts';
import { openAssociation } from '../dicom-network/requester.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { Said } from './finding.ts';
import { authorities } from './setup-checks.ts';

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
  if (peer.kind === 'hl7') {
    if (peer.ca !== undefined) await authorities(peer.ca);
    return listens(peer);
  }
  const { ae, host, port } = peer;
  using association = await openAssociation({ host, port, calledAe: ae, callingAe });
  await association.echo();
  await association.release();
  return { text: `${ae} at ${host}:${port} answers C-ECHO` };
}

const CONNECT_MS = 10_000;

function placeIn(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

async function listens({ host, port }: { readonly host: string; readonly port: number }): Promise<Said> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    return { text: `${host}:${port} takes connections` };
  } catch (cause) {
    const text = `${host}:${port} cannot be reached: ${messageOf(cause)}`;
    throw new IchorError('destination-unreachable', text, { cause });
  } finally {
    socket.destroy();
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

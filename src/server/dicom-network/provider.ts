import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { IchorError, messageOf, UsageError } from '../../base/index.ts';
import { LEAST_TLS, renewTls, type TlsToShow } from '../tls.ts';
import { DICOM_LIMITS, Door, type DoorOptions } from './door.ts';

export interface DicomProviderOptions extends DoorOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** With `ca`, senders must show a certificate of these authorities (PS3.15 B.9). */
  readonly tls?: TlsToShow;
}

export interface DicomProvider {
  readonly port: number;
  readonly associations: number;
  /** Where it speaks TLS: new associations see the new certificate. */
  renew(tls: TlsToShow): void;
  /** Takes no more, and lets the open ones end within the time; those that do not are cut. */
  close(withinMs: number): Promise<void>;
}

export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);

/** Listens for C-ECHO and C-STORE. Throws UsageError `senders-required`, IchorError `port-unavailable`. */
export async function listenForDicom(options: DicomProviderOptions): Promise<DicomProvider> {
  if (!isLoopback(options.host) && options.senders === undefined)
    throw new UsageError('senders-required', `on ${options.host} the AE titles that may send must be listed`);
  const door = new Door(options);
  const server = serverOf(options, (socket) => void door.enter(socket));
  await listening(server, options.host, options.port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    get associations() {
      return door.associations;
    },
    renew: (tls) => renewTls(server, tls),
    close: async (withinMs) => {
      const closed = new Promise((resolve) => server.close(resolve));
      const cut = setTimeout(() => door.cutAll(), withinMs);
      door.cutWaiting();
      await closed;
      clearTimeout(cut);
    },
  };
}

function serverOf({ tls, limits }: DicomProviderOptions, enter: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(enter);
  const { requestMs, waiting, associations } = { ...DICOM_LIMITS, ...limits };
  const server = createTlsServer(
    {
      ...tls,
      minVersion: LEAST_TLS,
      handshakeTimeout: requestMs,
      requestCert: tls.ca !== undefined,
      rejectUnauthorized: tls.ca !== undefined,
    },
    enter,
  );
  // Those that do not finish their handshake never come to the door, which counts the others
  server.maxConnections = 2 * (waiting + associations);
  return server;
}

async function listening(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (thrown) =>
      reject(
        new IchorError('port-unavailable', `DICOM cannot be taken at ${host}:${port}: ${messageOf(thrown)}`, {
          cause: thrown,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}

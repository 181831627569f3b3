import type { Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** The oldest version that is spoken, whoever asks. */
export const LEAST_TLS = 'TLSv1.2';

/** PEM; with `ca`, whoever comes must show a certificate of these authorities. */
export interface TlsToShow {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** New connections see the new certificate, those that are open go on; nothing where the server speaks no TLS. */
export function renewTls(server: Server, tls: TlsToShow): void {
  if (server instanceof TlsServer) server.setSecureContext({ ...tls, minVersion: LEAST_TLS });
}

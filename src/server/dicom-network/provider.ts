import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { IchorError, messageOf, UsageError } from '../../base/index.ts';
import { LEAST_TLS, renewTls, type TlsToShow } from '../tls.ts';
import { AcceptedAssociation } from './accepted-association.ts';
import {
  APPLICATION_CONTEXT,
  type AssociationRequest,
  type Rejection,
  readRequest,
  rejectBytes,
} from './association-items.ts';
import { ABORT_REASON, abortBy, PDU, PduReader, PeerFault } from './pdu.ts';
import type { Sender, SenderVisit } from './visit.ts';

/** Who may send: a title, and the only address it may come from where that is given. */
export interface AllowedSender {
  readonly callingAe: string;
  readonly address?: string;
}

export interface DicomLimits {
  /** From the connection to a whole request for an association. */
  readonly requestMs: number;
  /** From unit to unit, each whole. */
  readonly idleMs: number;
  /** Connections that have not asked yet; where there are more, the oldest one goes. */
  readonly waiting: number;
  /** Where all are taken, the one that has been silent for longest goes. */
  readonly associations: number;
  readonly associationsOfOneAddress: number;
}

export const DICOM_LIMITS: DicomLimits = {
  requestMs: 10_000,
  idleMs: 60_000,
  waiting: 64,
  associations: 48,
  associationsOfOneAddress: 16,
};

export interface DicomProviderOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly aeTitle: string;
  /** On a loopback address any sender may come without it; elsewhere it is required. */
  readonly senders?: readonly AllowedSender[];
  readonly limits?: Partial<DicomLimits>;
  /** With `ca`, senders must show a certificate of these authorities (PS3.15 B.9). */
  readonly tls?: TlsToShow;
  visit(sender: Sender): SenderVisit;
  /** A line for the log, without identity. */
  log(text: string): void;
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

interface OpenAssociation {
  readonly address: string;
  readonly association: AcceptedAssociation;
}

/** Between two messages of a sender at work less time passes. */
const SILENT_MS = 250;

/** Which associations are open, and who may open one. */
class Door {
  readonly #options: DicomProviderOptions;
  readonly #limits: DicomLimits;
  /** Oldest first. */
  readonly #waiting = new Set<Socket>();
  readonly #open = new Map<Socket, OpenAssociation>();

  constructor(options: DicomProviderOptions) {
    this.#options = options;
    this.#limits = { ...DICOM_LIMITS, ...options.limits };
  }

  get associations(): number {
    return this.#open.size;
  }

  async enter(socket: Socket): Promise<void> {
    // Met by whoever reads or writes; without a listener it would end the process
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    // A peer that takes none of our answers stands still without any timer of the reader
    socket.setTimeout(this.#limits.requestMs + this.#limits.idleMs, () => socket.destroy());
    const reader = new PduReader(socket);
    this.#waiting.add(socket);
    const [oldest] = this.#waiting;
    if (this.#waiting.size > this.#limits.waiting) oldest?.destroy();
    try {
      await this.#serve(socket, reader);
    } catch (thrown) {
      this.#dismiss(socket, thrown);
    } finally {
      this.#waiting.delete(socket);
      this.#open.delete(socket);
      await closeSoon(socket, reader);
    }
  }

  async #serve(socket: Socket, reader: PduReader): Promise<void> {
    const pdu = await reader.next(this.#limits.requestMs);
    if (pdu === undefined) return;
    if (pdu.type !== PDU.associateRequest) throw new PeerFault('no association was requested first');
    const request = readRequest(pdu.body);
    const sender = { callingAe: request.callingAe, address: plainAddress(socket) };
    const rejection = this.#rejection(request, sender);
    if (rejection !== undefined) {
      this.#options.log(`association of ${nameOf(sender)} rejected: ${rejection}`);
      socket.end(rejectBytes(rejection));
      return;
    }
    this.#waiting.delete(socket);
    const visit = this.#options.visit(sender);
    const association = new AcceptedAssociation(socket, reader, request, visit);
    this.#open.set(socket, { address: sender.address, association });
    let inOrder = false;
    try {
      inOrder = await association.serve(this.#limits.idleMs);
    } finally {
      visit.ended(inOrder);
    }
  }

  #rejection(request: AssociationRequest, { callingAe, address }: Sender): Rejection | undefined {
    const { aeTitle, senders } = this.#options;
    if ((request.protocolVersion & 1) === 0) return 'protocolVersion';
    if (request.applicationContext !== APPLICATION_CONTEXT) return 'applicationContext';
    if (request.calledAe !== aeTitle) return 'calledAe';
    const isAllowed =
      senders?.some((one) => one.callingAe === callingAe && (one.address ?? address) === address) ?? true;
    if (!isAllowed) return 'callingAe';
    const ofAddress = [...this.#open.values()].filter((other) => other.address === address).length;
    const isTooMany = ofAddress >= this.#limits.associationsOfOneAddress || !this.#makeRoom();
    return isTooMany ? 'tooMany' : undefined;
  }

  /** Whether there is a place, or one that a silent peer has to give: who associates and says nothing keeps no others out. */
  #makeRoom(): boolean {
    if (this.#open.size < this.#limits.associations) return true;
    const silent = Array.from(this.#open, ([socket, { association }]) => ({
      socket,
      ms: association.silentMs,
    }));
    const [longest] = silent.toSorted((a, b) => b.ms - a.ms);
    if (longest === undefined || longest.ms < SILENT_MS) return false;
    this.#open.delete(longest.socket);
    longest.socket.destroy(new PeerFault('it was silent, and all places were taken'));
    return true;
  }

  /** A peer at fault is told why where the connection still stands. */
  #dismiss(socket: Socket, thrown: unknown): void {
    const reason = thrown instanceof PeerFault ? thrown.abortReason : ABORT_REASON.unexpectedParameter;
    if (socket.writable) socket.end(abortBy(reason));
    this.#options.log(`association from ${plainAddress(socket)} ended: ${messageOf(thrown)}`);
  }

  cutWaiting(): void {
    for (const socket of this.#waiting) socket.destroy();
  }

  cutAll(): void {
    this.cutWaiting();
    for (const socket of this.#open.keys()) socket.destroy();
  }
}

const CLOSING_MS = 2000;

/** What was said goes out; a peer that does not close then is cut. */
async function closeSoon(socket: Socket, reader: PduReader): Promise<void> {
  socket.end();
  const cut = setTimeout(() => socket.destroy(), CLOSING_MS);
  // A connection that breaks now has no more to tell
  await reader.drain().catch(() => undefined);
  clearTimeout(cut);
  socket.destroy();
}

const plainAddress = (socket: Socket): string => (socket.remoteAddress ?? 'gone').replace(/^::ffff:/, '');

/** A title comes from the peer: no more of it than a title has, in plain letters. */
export const nameOf = ({ callingAe, address }: Sender): string =>
  `${callingAe.replace(/[^\w.-]/g, '?').slice(0, 16)} ${address}`;

import type { Socket } from 'node:net';
import { messageOf } from '../../base/index.ts';
import { AcceptedAssociation } from './accepted-association.ts';
import {
  APPLICATION_CONTEXT,
  type AssociationRequest,
  type Rejection,
  readRequest,
  rejectBytes,
} from './association-items.ts';
import { ABORT_REASON, abortBy, PDU, PduReader, PeerFault } from './pdu.ts';
import { KnownAddresses, type Peer, type Place, type PlaceLimits, roomFor } from './places.ts';
import { nameOf, type Sender, type SenderVisit } from './visit.ts';

/** Who may send: a title, and the only address it may come from where that is given. */
export interface AllowedSender {
  readonly callingAe: string;
  readonly address?: string;
}

export interface DicomLimits extends PlaceLimits {
  /** From the connection to a whole request for an association. */
  readonly requestMs: number;
  /** From unit to unit, each whole. */
  readonly idleMs: number;
  /** Connections that have not asked yet; where there are more, the oldest one goes, strangers first. */
  readonly waiting: number;
}

export const DICOM_LIMITS: DicomLimits = {
  requestMs: 10_000,
  idleMs: 60_000,
  waiting: 64,
  associations: 48,
  associationsOfStrangers: 32,
  associationsOfOneAddress: 16,
};

export interface DoorOptions {
  readonly aeTitle: string;
  /** On a loopback address any sender may come without it; elsewhere it is required. */
  readonly senders?: readonly AllowedSender[];
  readonly limits?: Partial<DicomLimits>;
  visit(sender: Sender): SenderVisit;
  /** A line for the log, without identity. */
  log(text: string): void;
}

interface OpenAssociation {
  readonly sender: Sender;
  readonly association: AcceptedAssociation;
}

/** Which associations are open, and who may open one. */
export class Door {
  readonly #options: DoorOptions;
  readonly #limits: DicomLimits;
  /** Oldest first, with their addresses. */
  readonly #waiting = new Map<Socket, string>();
  readonly #open = new Map<Socket, OpenAssociation>();
  readonly #listed: ReadonlySet<string>;
  readonly #worked = new KnownAddresses();

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#limits = { ...DICOM_LIMITS, ...options.limits };
    this.#listed = new Set((options.senders ?? []).flatMap(({ address = [] }) => address));
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
    this.#waiting.set(socket, plainAddress(socket));
    if (this.#waiting.size > this.#limits.waiting) this.#sendOneAway();
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
    const onWork = () => this.#worked.add(sender.address);
    const association = new AcceptedAssociation(socket, reader, request, visit, onWork);
    this.#open.set(socket, { sender, association });
    let inOrder = false;
    try {
      inOrder = await association.serve(this.#limits.idleMs);
    } finally {
      visit.ended(inOrder);
    }
  }

  #rejection(request: AssociationRequest, sender: Sender): Rejection | undefined {
    const { aeTitle, senders } = this.#options;
    if ((request.protocolVersion & 1) === 0) return 'protocolVersion';
    if (request.applicationContext !== APPLICATION_CONTEXT) return 'applicationContext';
    if (request.calledAe !== aeTitle) return 'calledAe';
    if (senders?.some((one) => isSame(one, sender)) === false) return 'callingAe';
    return this.#makeRoom(sender) ? undefined : 'tooMany';
  }

  /** Whether there is a place, or one that a silent peer has to give: who associates and says nothing keeps no others out. */
  #makeRoom(sender: Sender): boolean {
    const places = Array.from(this.#open, ([socket, { sender: other, association }]) => {
      const place: Place = { ...this.#peer(other.address), silentMs: association.silentMs };
      return [socket, place] as const;
    });
    const { isThere, givenUpBy } = roomFor(this.#peer(sender.address), new Map(places), this.#limits);
    if (givenUpBy !== undefined) {
      this.#open.delete(givenUpBy);
      givenUpBy.destroy(new PeerFault('it was silent, and all places were taken'));
    }
    return isThere;
  }

  /** Known is who has worked here, or whose address stands on the list; a title alone is easily guessed. */
  #peer(address: string): Peer {
    return { address, isKnown: this.#listed.has(address) || this.#worked.has(address) };
  }

  /** Of those that wait, the oldest; none that has worked here while there is another. */
  #sendOneAway(): void {
    const waiting = [...this.#waiting];
    const [socket] = waiting.find(([, address]) => !this.#peer(address).isKnown) ?? waiting[0] ?? [];
    if (socket === undefined) return;
    this.#waiting.delete(socket);
    socket.destroy();
  }

  /** A peer at fault is told why where the connection still stands. */
  #dismiss(socket: Socket, thrown: unknown): void {
    const reason = thrown instanceof PeerFault ? thrown.abortReason : ABORT_REASON.unexpectedParameter;
    if (socket.writable) socket.end(abortBy(reason));
    this.#options.log(`association from ${plainAddress(socket)} ended: ${messageOf(thrown)}`);
  }

  cutWaiting(): void {
    for (const socket of this.#waiting.keys()) socket.destroy();
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

/** An entry of the list without an address stands for all of them. */
const isSame = (listed: AllowedSender, { callingAe, address }: Sender): boolean =>
  listed.callingAe === callingAe && (listed.address ?? address) === address;

const plainAddress = (socket: Socket): string => (socket.remoteAddress ?? 'gone').replace(/^::ffff:/, '');

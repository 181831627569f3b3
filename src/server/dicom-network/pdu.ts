import type { Socket } from 'node:net';
import { IchorError, joinBytes } from '../../base/index.ts';

/** Types of protocol data units (PS3.8 9.3.1). */
export const PDU = {
  associateRequest: 1,
  associateAccept: 2,
  associateReject: 3,
  data: 4,
  releaseRequest: 5,
  releaseReply: 6,
  abort: 7,
} as const;

export interface Pdu {
  readonly type: number;
  readonly body: Uint8Array;
}

/** What we take at most in one unit and announce as such (PS3.8 D.1), and the most that an association's request may have. */
export const MOST_PDU_BYTES = 131_072;
const HEADER_BYTES = 6;
/** Some senders count the headers of their values in, some do not. */
const HEADERS_OF_VALUES = 64;

/** A peer that does not keep to the protocol: its association is aborted, nobody else is disturbed. */
export class PeerFault extends IchorError {
  /** Why, as A-ABORT says it (PS3.8 9.3.8). */
  readonly abortReason: number;

  constructor(text: string, abortReason: number = ABORT_REASON.unexpectedPdu) {
    super('dicom-peer', text);
    this.abortReason = abortReason;
  }
}

export const ABORT_REASON = {
  unrecognizedPdu: 1,
  unexpectedPdu: 2,
  unexpectedParameter: 5,
  invalidParameter: 6,
} as const;

/** Takes units from a socket one at a time: what is not asked for stays with the sender (TCP's own flow control). */
export class PduReader {
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #parts: Uint8Array[] = [];
  #held = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /**
   * The next unit, all of it within the time; undefined where the peer has closed. Throws PeerFault; where the time is up, the socket
   * is destroyed too.
   */
  async next(timeoutMs: number): Promise<Pdu | undefined> {
    // An error costs a stack trace: it is made where it is needed, not for each unit
    const late = () => new PeerFault(`no whole unit came within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => this.#socket.destroy(late()), timeoutMs);
    try {
      return await this.#read();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets whatever still comes pass, until the peer closes. */
  async drain(): Promise<void> {
    this.#parts = [];
    while (!(await this.#chunks.next()).done);
  }

  async #read(): Promise<Pdu | undefined> {
    if (!(await this.#fill(HEADER_BYTES))) return undefined;
    const { type, length } = headerOf(this.#take(HEADER_BYTES));
    if (!(await this.#fill(length))) throw new PeerFault('the connection ended within a unit');
    return { type, body: this.#take(length) };
  }

  /** False where the peer closed before so many bytes came. */
  async #fill(bytes: number): Promise<boolean> {
    while (this.#held < bytes) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.#parts.push(value);
      this.#held += value.length;
    }
    return true;
  }

  #take(bytes: number): Uint8Array {
    const whole = joinBytes(this.#parts);
    this.#held -= bytes;
    this.#parts = this.#held === 0 ? [] : [whole.subarray(bytes)];
    return whole.subarray(0, bytes);
  }
}

function headerOf(header: Uint8Array): { readonly type: number; readonly length: number } {
  const [type = 0] = header;
  const length = viewOf(header).getUint32(2);
  if (type < PDU.associateRequest || type > PDU.abort)
    throw new PeerFault(`a unit of type ${type} is not one of DICOM's`, ABORT_REASON.unrecognizedPdu);
  if (length > MOST_PDU_BYTES + HEADERS_OF_VALUES)
    throw new PeerFault(
      `a unit of ${length} bytes was announced, at most ${MOST_PDU_BYTES} are taken`,
      ABORT_REASON.invalidParameter,
    );
  return { type, length };
}

/** A unit's bytes, header included. */
export function pduBytes(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header[0] = type;
  viewOf(header).setUint32(
    2,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  return joinBytes([header, ...parts]);
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const releaseReply = (): Uint8Array => pduBytes(PDU.releaseReply, new Uint8Array(4));
export const releaseRequest = (): Uint8Array => pduBytes(PDU.releaseRequest, new Uint8Array(4));

/** From the service provider, with its reason. */
export const abortBy = (reason: number): Uint8Array => pduBytes(PDU.abort, Uint8Array.of(0, 0, 2, reason));

/** From the service user, who has no reason to give (PS3.8 9.3.8). */
export const abortByUser = (): Uint8Array => pduBytes(PDU.abort, new Uint8Array(4));

/** A piece of a message (PS3.8 9.3.5.1 and annex E). */
export interface DataValue {
  readonly contextId: number;
  readonly isCommand: boolean;
  readonly isLast: boolean;
  readonly bytes: Uint8Array;
}

/** The pieces in a unit of data. Throws PeerFault where their lengths do not add up. */
export function dataValues(body: Uint8Array): DataValue[] {
  const values: DataValue[] = [];
  for (let start = 0; start < body.length; ) {
    const length = body.length - start < HEADER_BYTES ? 0 : viewOf(body).getUint32(start);
    const end = start + 4 + length;
    if (length < 2 || end > body.length)
      throw new PeerFault('the lengths within a unit of data do not add up', ABORT_REASON.invalidParameter);
    const [contextId = 0, control = 0] = body.subarray(start + 4, start + 6);
    const bytes = body.subarray(start + 6, end);
    values.push({ contextId, isCommand: (control & 1) === 1, isLast: (control & 2) === 2, bytes });
    start = end;
  }
  return values;
}

/** One piece as a unit of its own. */
export function dataPdu({ contextId, isCommand, isLast, bytes }: DataValue): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  viewOf(header).setUint32(0, bytes.length + 2);
  header[4] = contextId;
  header[5] = Number(isCommand) | (Number(isLast) << 1);
  return pduBytes(PDU.data, header, bytes);
}

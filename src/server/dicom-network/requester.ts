import type { Socket } from 'node:net';
import { IchorError, joinBytes } from '../../base/index.ts';
import { openSocket, type SocketPeer } from '../peer-socket.ts';
import { type AssociationAnswer, requestBytes } from './association-items.ts';
import {
  COMMAND,
  type CommandSet,
  commandBytes,
  DATA_SET_FOLLOWS,
  NO_DATA_SET,
  readCommand,
} from './command-set.ts';
import { abortByUser, dataPdu, dataValues, MOST_PDU_BYTES, PDU, PduReader, releaseRequest } from './pdu.ts';
import { acceptance, notNow, refused, refuseUnlessStored, unreachable } from './peer-answers.ts';
import { CONTEXT_RESULT, VERIFICATION } from './presentation.ts';

/** An archive, or whoever else takes DICOM objects. */
export interface DicomPeer extends SocketPeer {
  readonly calledAe: string;
  readonly callingAe: string;
}

/** A kind of object in one form, as it is to be sent. */
export interface ObjectKind {
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
}

export interface ObjectToSend extends ObjectKind {
  readonly sopInstanceUid: string;
  /** Goes out as it is. */
  readonly dataSet: Uint8Array;
  /** Sent with high priority (PS3.7 9.3.1.1). */
  readonly urgent?: boolean;
}

/** An association that we asked for. `using` closes it on every way out: what was not released is aborted. */
export interface RequestedAssociation extends Disposable {
  /** C-ECHO. Throws as store() does. */
  echo(): Promise<void>;
  /** C-STORE. Throws IchorError `destination-refused` with the status, `destination-unreachable` also for one that passes. */
  store(object: ObjectToSend): Promise<void>;
  release(): Promise<void>;
  /** Cuts the connection, as a sender that fell over. */
  abort(): void;
}

/** PS3.7 E.1 (0000,0700). */
const [MEDIUM, HIGH] = [0, 1];
const ASSOCIATION_MS = 10_000;
const ANSWER_MS = 60_000;
const DEFAULT_SYNTAX = '1.2.840.10008.1.2';

/**
 * Opens an association for these kinds of objects, and for C-ECHO; a signal that is aborted cuts it. Throws IchorError
 * `destination-unreachable`, `destination-refused`.
 */
export async function openAssociation(
  peer: DicomPeer,
  kinds: readonly ObjectKind[] = [],
  signal?: AbortSignal,
): Promise<RequestedAssociation> {
  const socket = await openSocket(peer, signal).catch((thrown: unknown) => {
    throw unreachable(peer, thrown);
  });
  const contexts = [{ sopClassUid: VERIFICATION, transferSyntaxUid: DEFAULT_SYNTAX }, ...kinds].map(
    ({ sopClassUid, transferSyntaxUid }, i) => ({
      id: 2 * i + 1,
      abstractSyntax: sopClassUid,
      transferSyntaxes: [transferSyntaxUid],
    }),
  );
  const reader = new PduReader(socket);
  try {
    socket.write(requestBytes(peer, contexts));
    const answer = acceptance(peer, await reader.next(ASSOCIATION_MS));
    return new OpenAssociation(peer, socket, reader, kinds, answer);
  } catch (thrown) {
    socket.destroy();
    throw explained(peer, thrown);
  }
}

function explained(peer: DicomPeer, thrown: unknown): IchorError {
  const isOurs = thrown instanceof IchorError && thrown.code.startsWith('destination-');
  return isOurs ? thrown : unreachable(peer, thrown);
}

class OpenAssociation implements RequestedAssociation {
  readonly #peer: DicomPeer;
  readonly #socket: Socket;
  readonly #reader: PduReader;
  readonly #kinds: readonly ObjectKind[];
  readonly #answer: AssociationAnswer;
  #messages = 0;

  constructor(
    peer: DicomPeer,
    socket: Socket,
    reader: PduReader,
    kinds: readonly ObjectKind[],
    answer: AssociationAnswer,
  ) {
    this.#peer = peer;
    this.#socket = socket;
    this.#reader = reader;
    this.#kinds = kinds;
    this.#answer = answer;
  }

  async echo(): Promise<void> {
    const command = {
      sopClassUid: VERIFICATION,
      commandField: COMMAND.echoRequest,
      dataSetType: NO_DATA_SET,
    };
    await this.#exchange(this.#contextOf(0, 'C-ECHO'), command);
  }

  async store({
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid,
    dataSet,
    urgent = false,
  }: ObjectToSend): Promise<void> {
    const kind = this.#kinds.findIndex(
      (one) => one.sopClassUid === sopClassUid && one.transferSyntaxUid === transferSyntaxUid,
    );
    const command = {
      sopClassUid,
      sopInstanceUid,
      commandField: COMMAND.storeRequest,
      priority: urgent ? HIGH : MEDIUM,
      dataSetType: DATA_SET_FOLLOWS,
    };
    const contextId = this.#contextOf(kind + 1, `objects of class ${sopClassUid} in ${transferSyntaxUid}`);
    await this.#exchange(contextId, command, dataSet);
  }

  async release(): Promise<void> {
    try {
      this.#socket.write(releaseRequest());
      await this.#reader.next(ASSOCIATION_MS);
    } catch (thrown) {
      throw explained(this.#peer, thrown);
    } finally {
      this.#socket.destroy();
    }
  }

  abort(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    // A peer that reads is told; one that does not is not waited for
    if (this.#socket.writable) this.#socket.write(abortByUser());
    this.#socket.destroy();
  }

  #contextOf(index: number, what: string): number {
    const id = 2 * index + 1;
    const answer = this.#answer.contexts.find((context) => context.id === id);
    if (answer?.result !== CONTEXT_RESULT.accepted) throw refused(this.#peer, `it takes no ${what}`);
    return id;
  }

  async #exchange(contextId: number, command: CommandSet, dataSet?: Uint8Array): Promise<void> {
    try {
      const messageId = (this.#messages++ % 0xffff) + 1;
      await this.#send(contextId, true, commandBytes({ ...command, messageId }));
      if (dataSet !== undefined) await this.#send(contextId, false, dataSet);
      const { status } = await this.#response();
      refuseUnlessStored(this.#peer, status);
    } catch (thrown) {
      throw explained(this.#peer, thrown);
    }
  }

  async #send(contextId: number, isCommand: boolean, bytes: Uint8Array): Promise<void> {
    const most = Math.min(this.#answer.mostPduBytes, MOST_PDU_BYTES) - 6;
    for (let start = 0; start < bytes.length; start += most) {
      const isLast = start + most >= bytes.length;
      const unit = dataPdu({ contextId, isCommand, isLast, bytes: bytes.subarray(start, start + most) });
      await this.#write(unit);
    }
  }

  /** A peer that takes nothing more is not waited for without an end. */
  async #write(unit: Uint8Array): Promise<void> {
    const late = (): void => void this.#socket.destroy(new Error('it takes nothing more'));
    const timer = setTimeout(late, ANSWER_MS);
    try {
      await new Promise<void>((resolve, reject) =>
        this.#socket.write(unit, (failed) => (failed ? reject(failed) : resolve())),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #response(): Promise<CommandSet> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const pdu = await this.#reader.next(ANSWER_MS);
      if (pdu?.type !== PDU.data) throw notNow(this.#peer, 'it ended the association without an answer');
      for (const { isLast, bytes } of dataValues(pdu.body)) {
        parts.push(bytes);
        if (isLast) return readCommand(joinBytes(parts));
      }
    }
  }
}

import type { Socket } from 'node:net';
import { joinBytes } from '../../base/index.ts';
import { type AssociationRequest, acceptBytes } from './association-items.ts';
import {
  COMMAND,
  type CommandSet,
  commandBytes,
  HIGH_PRIORITY,
  NO_DATA_SET,
  RESPONSE_BIT,
  readCommand,
} from './command-set.ts';
import {
  ABORT_REASON,
  type DataValue,
  dataPdu,
  dataValues,
  PDU,
  type PduReader,
  PeerFault,
  releaseReply,
} from './pdu.ts';
import { answerContext, CONTEXT_RESULT } from './presentation.ts';
import { STATUS, statusOf } from './statuses.ts';
import type { ObjectInTransfer, SenderVisit } from './visit.ts';

/** What a message is sent under. */
interface Context {
  readonly abstractSyntax: string;
  readonly transferSyntax: string;
}

/** A C-STORE whose data set arrives. */
interface Transfer {
  readonly contextId: number;
  readonly command: CommandSet;
  object: ObjectInTransfer | undefined;
  /** Set as soon as the object cannot be kept; the rest of its bytes is let pass. */
  failedStatus: number | undefined;
}

const MOST_COMMAND_BYTES = 16_384;
const MESSAGE_MS = 10_000;

/** One association, from its acceptance to its end. Strictly one message after another. */
export class AcceptedAssociation {
  readonly #socket: Socket;
  readonly #reader: PduReader;
  readonly #visit: SenderVisit;
  readonly #contexts: ReadonlyMap<number, Context>;
  readonly #onWork: () => void;
  #commandParts: Uint8Array[] = [];
  #transfer: Transfer | undefined;
  /** When the peer last said something or was answered. */
  #activeAt = performance.now();

  /** Calls `onWork` for each message that succeeds. */
  constructor(
    socket: Socket,
    reader: PduReader,
    request: AssociationRequest,
    visit: SenderVisit,
    onWork: () => void,
  ) {
    this.#socket = socket;
    this.#reader = reader;
    this.#visit = visit;
    this.#onWork = onWork;
    const answers = request.contexts.map(answerContext);
    this.#contexts = new Map(
      request.contexts.flatMap(({ id, abstractSyntax }, i) => {
        const answer = answers[i];
        if (answer?.result !== CONTEXT_RESULT.accepted) return [];
        return [[id, { abstractSyntax, transferSyntax: answer.transferSyntax }] as const];
      }),
    );
    socket.write(acceptBytes(request, answers));
  }

  /** Since its last unit or our last answer, in milliseconds; a message under way has ten seconds of its own. */
  get silentMs(): number {
    const isWithinMessage = this.#transfer !== undefined || this.#commandParts.length > 0;
    return performance.now() - this.#activeAt - (isWithinMessage ? MESSAGE_MS : 0);
  }

  /** Until the peer releases (true) or aborts or closes (false). Throws PeerFault, and what the socket meets. */
  async serve(idleMs: number): Promise<boolean> {
    try {
      for (;;) {
        const pdu = await this.#reader.next(idleMs);
        this.#activeAt = performance.now();
        if (pdu === undefined || pdu.type === PDU.abort) return false;
        if (pdu.type === PDU.releaseRequest) {
          this.#socket.end(releaseReply());
          return true;
        }
        if (pdu.type !== PDU.data) throw new PeerFault(`a unit of type ${pdu.type} has no place here`);
        for (const value of dataValues(pdu.body)) await this.#take(value);
      }
    } finally {
      await this.#transfer?.object?.discard();
    }
  }

  async #take(value: DataValue): Promise<void> {
    if (!this.#contexts.has(value.contextId))
      throw new PeerFault(
        'a message was sent under a context that was not accepted',
        ABORT_REASON.invalidParameter,
      );
    if (value.isCommand) await this.#takeCommand(value);
    else await this.#takeData(value);
  }

  async #takeCommand({ contextId, isLast, bytes }: DataValue): Promise<void> {
    if (this.#transfer !== undefined) throw new PeerFault('a command came within a data set');
    this.#commandParts.push(bytes);
    if (this.#commandParts.reduce((sum, part) => sum + part.length, 0) > MOST_COMMAND_BYTES)
      throw new PeerFault('a command is longer than any is', ABORT_REASON.invalidParameter);
    if (!isLast) return;
    const command = readCommand(joinBytes(this.#commandParts));
    this.#commandParts = [];
    await this.#begin(contextId, command);
  }

  async #begin(contextId: number, command: CommandSet): Promise<void> {
    const { commandField = 0, dataSetType = NO_DATA_SET } = command;
    const transfer: Transfer = { contextId, command, object: undefined, failedStatus: undefined };
    if (commandField === COMMAND.echoRequest && dataSetType === NO_DATA_SET)
      return this.#answer(transfer, STATUS.success);
    // C-CANCEL and whatever else has no answer
    if ((commandField & RESPONSE_BIT) !== 0 || commandField === 0x0fff) return;
    if (commandField !== COMMAND.storeRequest) transfer.failedStatus = STATUS.unrecognizedOperation;
    if (dataSetType === NO_DATA_SET)
      return this.#answer(transfer, transfer.failedStatus ?? STATUS.cannotUnderstand);
    this.#transfer = transfer;
    if (transfer.failedStatus === undefined) await this.#open(transfer);
  }

  async #open(transfer: Transfer): Promise<void> {
    const { contextId, command } = transfer;
    const { sopClassUid = '', sopInstanceUid = '', priority } = command;
    const { abstractSyntax, transferSyntax: transferSyntaxUid } = this.#contexts.get(contextId) ?? {};
    if (transferSyntaxUid === undefined || sopClassUid !== abstractSyntax) {
      transfer.failedStatus = STATUS.sopClassNotSupported;
      return;
    }
    await this.#orFail(transfer, async () => {
      const urgent = priority === HIGH_PRIORITY;
      transfer.object = await this.#visit.receive({ sopClassUid, sopInstanceUid, transferSyntaxUid, urgent });
    });
  }

  async #takeData({ contextId, isLast, bytes }: DataValue): Promise<void> {
    const transfer = this.#transfer;
    if (transfer?.contextId !== contextId) throw new PeerFault('a data set came without its command');
    await this.#orFail(transfer, async () => transfer.object?.write(bytes));
    if (!isLast) return;
    await this.#orFail(transfer, async () => transfer.object?.keep());
    this.#transfer = undefined;
    await this.#answer(transfer, transfer.failedStatus ?? STATUS.success);
  }

  /** What cannot be kept is a status for the sender; its association goes on. */
  async #orFail(transfer: Transfer, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      transfer.failedStatus = statusOf(thrown);
      const { object } = transfer;
      transfer.object = undefined;
      this.#visit.notKept(thrown);
      await object?.discard();
    }
  }

  /** Waits where the peer does not read its answers: it would fill our memory with them. */
  async #answer({ contextId, command }: Transfer, status: number): Promise<void> {
    const { commandField = 0, messageId = 0, sopClassUid, sopInstanceUid } = command;
    const bytes = commandBytes({
      ...(sopClassUid !== undefined && { sopClassUid }),
      ...(sopInstanceUid !== undefined && { sopInstanceUid }),
      commandField: commandField | RESPONSE_BIT,
      respondedTo: messageId,
      dataSetType: NO_DATA_SET,
      status,
    });
    const unit = dataPdu({ contextId, isCommand: true, isLast: true, bytes });
    // The time that the disk took for an object is not the peer's silence
    this.#activeAt = performance.now();
    if (status === STATUS.success) this.#onWork();
    await new Promise<void>((resolve, reject) =>
      this.#socket.write(unit, (failed) => (failed ? reject(failed) : resolve())),
    );
  }
}

/** A sender that does as it is told, by its own reading of PS3.8: it shares no code with what it tests. */
import { once } from 'node:events';
import { connect } from 'node:net';

interface Pieces {
  readonly pieceBytes: number;
  readonly piecesInUnit: number;
}
interface Announced {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}
interface Proposed {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

const ascii = (text: string) => Buffer.from(text, 'latin1');
const even = (text: string) => ascii(text.length % 2 === 0 ? text : `${text}\0`);

function unit(type: number, body: Buffer): Buffer {
  const header = Buffer.from([type, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function item(type: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.from([type, 0, 0, 0]);
  header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function element(number: number, value: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(number, 2);
  header.writeUInt32LE(value.length, 4);
  return Buffer.concat([header, value]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function storeRequest({ sopClassUid, sopInstanceUid }: Announced): Buffer {
  const rest = Buffer.concat([
    element(0x0002, even(sopClassUid)),
    element(0x0100, word(1)),
    element(0x0110, word(7)),
    element(0x0700, word(0)),
    element(0x0800, word(1)),
    element(0x1000, even(sopInstanceUid)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(rest.length);
  return Buffer.concat([element(0, length), rest]);
}

function piece(isCommand: boolean, isLast: boolean, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt32BE(bytes.length + 2);
  header[4] = 1;
  header[5] = (isCommand ? 1 : 0) + (isLast ? 2 : 0);
  return Buffer.concat([header, bytes]);
}

/** A request for an association that proposes these. */
export function associationRequest(contexts: readonly Proposed[]): Buffer {
  const fixed = Buffer.alloc(68);
  fixed[1] = 1;
  fixed.write('ICHOR'.padEnd(16), 4);
  fixed.write('SCRIPT'.padEnd(16), 20);
  const items = contexts.map(({ id, abstractSyntax, transferSyntaxes }) =>
    item(
      0x20,
      Buffer.from([id, 0, 0, 0]),
      item(0x30, ascii(abstractSyntax)),
      ...transferSyntaxes.map((uid) => item(0x40, ascii(uid))),
    ),
  );
  const user = item(0x50, item(0x51, Buffer.from([0, 0, 0x40, 0])), item(0x52, ascii('1.2.3.4')));
  return unit(1, Buffer.concat([fixed, item(0x10, ascii('1.2.840.10008.3.1.1.1')), ...items, user]));
}

/** A C-STORE as it goes over the wire. The first pieces share a unit with the command where several are asked for. */
export function storeUnits(
  announced: Announced,
  bytes: Uint8Array,
  { pieceBytes, piecesInUnit }: Pieces,
): Buffer[] {
  const pieces = [piece(true, true, storeRequest(announced))];
  for (let start = 0; start < bytes.length; start += pieceBytes)
    pieces.push(piece(false, start + pieceBytes >= bytes.length, bytes.subarray(start, start + pieceBytes)));
  const units: Buffer[] = [];
  for (let start = 0; start < pieces.length; start += piecesInUnit)
    units.push(unit(4, Buffer.concat(pieces.slice(start, start + piecesInUnit))));
  return units;
}

export const releaseUnit = (): Buffer => unit(5, Buffer.alloc(4));

export async function scriptedPeer(port: number) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  let held = Buffer.alloc(0);

  const take = async (bytes: number): Promise<Buffer> => {
    while (held.length < bytes) {
      const [chunk] = await once(socket, 'data');
      held = Buffer.concat([held, chunk as Buffer]);
    }
    const taken = held.subarray(0, bytes);
    held = held.subarray(bytes);
    return taken;
  };
  const takeUnit = async () => {
    const header = await take(6);
    return { type: header[0], body: await take(header.readUInt32BE(2)) };
  };

  const associate = async (contexts: readonly Proposed[]): Promise<void> => {
    socket.write(associationRequest(contexts));
    const { type } = await takeUnit();
    if (type !== 2) throw new Error(`the association was answered by a unit of type ${type}`);
  };

  const startStore = async (announced: Announced, bytes: Uint8Array): Promise<void> => {
    socket.write(unit(4, piece(true, true, storeRequest(announced))));
    socket.write(unit(4, piece(false, false, bytes)));
  };

  /** The status of the answer. */
  const store = async (announced: Announced, bytes: Uint8Array, cut: Pieces) => {
    for (const whole of storeUnits(announced, bytes, cut)) socket.write(whole);
    const { body } = await takeUnit();
    return body.readUInt16LE(body.indexOf(Buffer.from([0, 0, 0, 9, 2, 0, 0, 0])) + 8);
  };

  return {
    associate,
    store,
    startStore,
    abort: () => void socket.end(unit(7, Buffer.alloc(4))),
    cut: () => void socket.resetAndDestroy(),
  };
}

/** Between a sender and the service: hands on every byte, and keeps the data sets as they went over the wire (PS3.8 9.3.5). */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface WireRecorder {
  readonly port: number;
  /** By SOP Instance UID, what was sent last. */
  readonly dataSets: ReadonlyMap<string, Buffer>;
  close(): void;
}

const DATA_UNIT = 4;

export async function recordWire(target: number): Promise<WireRecorder> {
  const dataSets = new Map<string, Buffer>();
  const server = createServer((sender) => {
    const service = connect(target, '127.0.0.1');
    const listen = senderListener((instance, dataSet) => void dataSets.set(instance, dataSet));
    sender.on('data', listen);
    joined(sender, service);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    dataSets,
    close: () => void server.close(),
  };
}

function joined(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
}

/** Puts units and messages together again, by its own reading of the standard. */
function senderListener(told: (instance: string, dataSet: Buffer) => void): (bytes: Buffer) => void {
  let held = Buffer.alloc(0);
  let instance = '';
  const [commands, pieces]: [Buffer[], Buffer[]] = [[], []];
  const take = (control: number, bytes: Buffer): void => {
    const isCommand = (control & 1) === 1;
    (isCommand ? commands : pieces).push(bytes);
    if ((control & 2) === 0) return;
    if (isCommand) instance = instanceIn(Buffer.concat(commands.splice(0)));
    else told(instance, Buffer.concat(pieces.splice(0)));
  };
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= 6 && held.length >= 6 + held.readUInt32BE(2)) {
      const body = held.subarray(6, 6 + held.readUInt32BE(2));
      if (held[0] === DATA_UNIT)
        for (let start = 0; start < body.length; start += 4 + body.readUInt32BE(start))
          take(body.readUInt8(start + 5), body.subarray(start + 6, start + 4 + body.readUInt32BE(start)));
      held = held.subarray(6 + body.length);
    }
  };
}

/** (0000,1000) of a command. */
function instanceIn(command: Buffer): string {
  for (let start = 0; start < command.length; start += 8 + command.readUInt32LE(start + 4))
    if (command.readUInt16LE(start + 2) === 0x1000)
      return command
        .subarray(start + 8, start + 8 + command.readUInt32LE(start + 4))
        .toString('latin1')
        .replace(/\0$/, '');
  return '';
}

import { z } from 'zod';
import { joinBytes } from '../../base/index.ts';
import { ABORT_REASON, PeerFault, viewOf } from './pdu.ts';

/** The elements of group 0000 that storing and verifying need (PS3.7 E.1), numbers and texts. */
const NUMBERS = {
  commandField: 0x0100,
  messageId: 0x0110,
  respondedTo: 0x0120,
  priority: 0x0700,
  dataSetType: 0x0800,
  status: 0x0900,
} as const;
const TEXTS = { sopClassUid: 0x0002, errorComment: 0x0902, sopInstanceUid: 0x1000 } as const;

const number = z.number().optional();
const text = z.string().optional();
const commandSchema = z.object({
  commandField: number,
  messageId: number,
  respondedTo: number,
  priority: number,
  dataSetType: number,
  status: number,
  sopClassUid: text,
  errorComment: text,
  sopInstanceUid: text,
}) satisfies z.ZodObject<Record<keyof typeof NUMBERS | keyof typeof TEXTS, z.ZodType>>;

/** A command or a response; what it does not have is absent. */
export type CommandSet = z.infer<typeof commandSchema>;

export const COMMAND = {
  storeRequest: 0x0001,
  storeResponse: 0x8001,
  echoRequest: 0x0030,
  echoResponse: 0x8030,
} as const;
/** Set in the command field of every response. */
export const RESPONSE_BIT = 0x8000;
/** Of Command Data Set Type: no data set follows; any other value: one does. */
export const NO_DATA_SET = 0x0101;
export const DATA_SET_FOLLOWS = 0x0001;
export const HIGH_PRIORITY = 0x0001;

/** Command sets are implicit VR little endian always (PS3.7 6.3.1). */
export function readCommand(bytes: Uint8Array): CommandSet {
  const elements = new Map<number, Uint8Array>();
  const view = viewOf(bytes);
  for (let start = 0; start < bytes.length; ) {
    const length = bytes.length - start < 8 ? bytes.length : view.getUint32(start + 4, true);
    if (start + 8 + length > bytes.length)
      throw new PeerFault('the elements of a command do not add up', ABORT_REASON.invalidParameter);
    if (view.getUint16(start, true) === 0)
      elements.set(view.getUint16(start + 2, true), bytes.subarray(start + 8, start + 8 + length));
    start += 8 + length;
  }
  const read = (table: Readonly<Record<string, number>>, value: (bytes: Uint8Array) => number | string) =>
    Object.entries(table).flatMap(([name, element]) => {
      const found = elements.get(element);
      return found === undefined ? [] : [[name, value(found)] as const];
    });
  return commandSchema.parse(Object.fromEntries([...read(NUMBERS, numberOf), ...read(TEXTS, textOf)]));
}

function numberOf(bytes: Uint8Array): number {
  if (bytes.length !== 2)
    throw new PeerFault('a number of a command has not two bytes', ABORT_REASON.invalidParameter);
  return viewOf(bytes).getUint16(0, true);
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\0 ]+$/, '');

export function commandBytes(command: CommandSet): Uint8Array {
  const table: Readonly<Record<string, number>> = { ...NUMBERS, ...TEXTS };
  const elements = Object.entries(command)
    .map(([name, value]) => [table[name] ?? 0, value] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([element, value]) =>
      elementBytes(element, typeof value === 'number' ? word(value) : padded(value ?? '')),
    );
  const length = elements.reduce((sum, element) => sum + element.length, 0);
  const groupLength = new Uint8Array(4);
  viewOf(groupLength).setUint32(0, length, true);
  return joinBytes([elementBytes(0, groupLength), ...elements]);
}

function elementBytes(element: number, value: Uint8Array): Uint8Array {
  const header = new Uint8Array(8);
  viewOf(header).setUint16(2, element, true);
  viewOf(header).setUint32(4, value.length, true);
  return joinBytes([header, value]);
}

const word = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >>> 8);

/** UIDs are padded by a zero, texts by a space; a zero serves both here, as none of our texts is odd. */
const padded = (value: string): Uint8Array =>
  Uint8Array.from(value.length % 2 === 0 ? value : `${value}\0`, (character) => character.charCodeAt(0));

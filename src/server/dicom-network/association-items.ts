import { joinBytes } from '../../base/index.ts';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION } from '../../dicom/index.ts';
import { ABORT_REASON, MOST_PDU_BYTES, PDU, PeerFault, pduBytes, viewOf } from './pdu.ts';

/** What a sender proposes: one kind of object, and the forms in which it can send it (PS3.8 9.3.2.2). */
export interface ProposedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** The answer to one of them: a result of PS3.8 table 9-18, and the form that is taken. */
export interface AnsweredContext {
  readonly id: number;
  readonly result: number;
  readonly transferSyntax: string;
}

interface Titles {
  readonly calledAe: string;
  readonly callingAe: string;
}

export interface AssociationRequest extends Titles {
  readonly protocolVersion: number;
  readonly applicationContext: string;
  readonly contexts: readonly ProposedContext[];
  /** The longest unit that the sender takes; Infinity where it does not say. */
  readonly mostPduBytes: number;
}

export interface AssociationAnswer {
  readonly contexts: readonly AnsweredContext[];
  readonly mostPduBytes: number;
}

/** DICOM's only application context name (PS3.7 A.2.1). */
export const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';

const ITEM = {
  applicationContext: 0x10,
  proposedContext: 0x20,
  answeredContext: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  mostPduBytes: 0x51,
  implementationClass: 0x52,
  implementationVersion: 0x55,
} as const;

interface Item {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Version, reserved, two titles of 16 bytes, reserved. */
const FIXED_BYTES = 68;

export function readRequest(body: Uint8Array): AssociationRequest {
  const items = itemsOf(fixedPart(body).items);
  return {
    protocolVersion: viewOf(body).getUint16(0),
    calledAe: text(body.subarray(4, 20)),
    callingAe: text(body.subarray(20, 36)),
    applicationContext: first(items, ITEM.applicationContext),
    contexts: items.filter(({ type }) => type === ITEM.proposedContext).map(proposedContext),
    mostPduBytes: mostPduBytesOf(items),
  };
}

export function readAnswer(body: Uint8Array): AssociationAnswer {
  const items = itemsOf(fixedPart(body).items);
  const contexts = items.filter(({ type }) => type === ITEM.answeredContext).map(answeredContext);
  return { contexts, mostPduBytes: mostPduBytesOf(items) };
}

function fixedPart(body: Uint8Array): { readonly items: Uint8Array } {
  if (body.length < FIXED_BYTES)
    throw new PeerFault('an association was asked for in too few bytes', ABORT_REASON.invalidParameter);
  return { items: body.subarray(FIXED_BYTES) };
}

function itemsOf(bytes: Uint8Array): Item[] {
  const items: Item[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + 4 + (bytes.length - start < 4 ? bytes.length : viewOf(bytes).getUint16(start + 2));
    if (end > bytes.length)
      throw new PeerFault(
        "the lengths of an association's items do not add up",
        ABORT_REASON.invalidParameter,
      );
    items.push({ type: bytes[start] ?? 0, bytes: bytes.subarray(start + 4, end) });
    start = end;
  }
  return items;
}

function proposedContext({ bytes }: Item): ProposedContext {
  const items = itemsOf(bytes.subarray(4));
  const transferSyntaxes = items
    .filter(({ type }) => type === ITEM.transferSyntax)
    .map((item) => text(item.bytes));
  return { id: bytes[0] ?? 0, abstractSyntax: first(items, ITEM.abstractSyntax), transferSyntaxes };
}

function answeredContext({ bytes }: Item): AnsweredContext {
  const [id = 0, , result = 0] = bytes;
  return { id, result, transferSyntax: first(itemsOf(bytes.subarray(4)), ITEM.transferSyntax) };
}

function mostPduBytesOf(items: readonly Item[]): number {
  const user = items.find(({ type }) => type === ITEM.userInformation);
  const most = itemsOf(user?.bytes ?? new Uint8Array()).find(({ type }) => type === ITEM.mostPduBytes);
  const bytes = most?.bytes.length === 4 ? viewOf(most.bytes).getUint32(0) : 0;
  return bytes === 0 ? Number.POSITIVE_INFINITY : bytes;
}

const first = (items: readonly Item[], wanted: number): string =>
  text(items.find(({ type }) => type === wanted)?.bytes ?? new Uint8Array());

/** Titles are padded by spaces, UIDs by some with zeros. */
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes).replace(/[\0 ]+$|^ +/g, '');

export function requestBytes(titles: Titles, contexts: readonly ProposedContext[]): Uint8Array {
  const items = contexts.map(({ id, abstractSyntax, transferSyntaxes }) =>
    item(
      ITEM.proposedContext,
      Uint8Array.of(id, 0, 0, 0),
      item(ITEM.abstractSyntax, ascii(abstractSyntax)),
      ...transferSyntaxes.map((syntax) => item(ITEM.transferSyntax, ascii(syntax))),
    ),
  );
  return associationBytes(PDU.associateRequest, titles, items);
}

export function acceptBytes(titles: Titles, contexts: readonly AnsweredContext[]): Uint8Array {
  const items = contexts.map(({ id, result, transferSyntax }) =>
    item(
      ITEM.answeredContext,
      Uint8Array.of(id, 0, result, 0),
      item(ITEM.transferSyntax, ascii(transferSyntax)),
    ),
  );
  return associationBytes(PDU.associateAccept, titles, items);
}

function associationBytes(
  type: number,
  { calledAe, callingAe }: Titles,
  contexts: readonly Uint8Array[],
): Uint8Array {
  const fixed = new Uint8Array(FIXED_BYTES);
  fixed[1] = 1;
  fixed.set(ascii(calledAe.padEnd(16).slice(0, 16)), 4);
  fixed.set(ascii(callingAe.padEnd(16).slice(0, 16)), 20);
  const most = new Uint8Array(4);
  viewOf(most).setUint32(0, MOST_PDU_BYTES);
  const user = item(
    ITEM.userInformation,
    item(ITEM.mostPduBytes, most),
    item(ITEM.implementationClass, ascii(IMPLEMENTATION_CLASS_UID)),
    item(ITEM.implementationVersion, ascii(IMPLEMENTATION_VERSION)),
  );
  return pduBytes(type, fixed, item(ITEM.applicationContext, ascii(APPLICATION_CONTEXT)), ...contexts, user);
}

function item(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joinBytes(parts);
  const header = Uint8Array.of(type, 0, 0, 0);
  viewOf(header).setUint16(2, content.length);
  return joinBytes([header, content]);
}

const ascii = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));

/** The result of a rejection that may pass (PS3.8 table 9-21). */
export const REJECTED_TRANSIENTLY = 2;

/** Why an association is rejected: result, source and reason of PS3.8 table 9-21. */
export const REJECTION = {
  applicationContext: [1, 1, 2],
  callingAe: [1, 1, 3],
  calledAe: [1, 1, 7],
  protocolVersion: [1, 2, 2],
  tooMany: [2, 3, 2],
} as const satisfies Record<string, readonly [number, number, number]>;
export type Rejection = keyof typeof REJECTION;

export const rejectBytes = (rejection: Rejection): Uint8Array =>
  pduBytes(PDU.associateReject, Uint8Array.of(0, ...REJECTION[rejection]));

import { CT_IMAGE } from './ct-fixture.ts';
import { writeDicomObject } from './write.ts';
import type { WritableAttributes } from './write-elements.ts';

/** How a fixture lays fragments down. */
export interface Encapsulation {
  readonly transferSyntaxUid: string;
  /** Each frame's fragments. */
  readonly frames: readonly (readonly Uint8Array[])[];
  readonly withOffsets?: boolean;
}

/** Fixture of tests: the CT image with its pixels replaced by fragments (PS3.5 A.4). */
export function encapsulatedFile(
  attributes: WritableAttributes,
  { transferSyntaxUid, frames, withOffsets = false }: Encapsulation,
): Uint8Array {
  const head = writeDicomObject({ attributes: { ...CT_IMAGE, ...attributes }, transferSyntaxUid });
  const fragments = frames.map((parts) => parts.map(itemOf));
  const offsets = fragments.map((_, frame) => fragments.slice(0, frame).flat().reduce(sumOfLengths, 0));
  const table = itemOf(withOffsets ? new Uint8Array(Uint32Array.from(offsets).buffer) : new Uint8Array(0));
  const start = [0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 255, 255, 255, 255];
  const end = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
  return Uint8Array.from([...head, ...start, ...table, ...fragments.flat().flatMap((f) => [...f]), ...end]);
}

const sumOfLengths = (sum: number, { length }: Uint8Array): number => sum + length;

/** Item tag, length, and the bytes padded to an even number. */
function itemOf(bytes: Uint8Array): Uint8Array {
  const padded = bytes.length + (bytes.length % 2);
  const item = new Uint8Array(8 + padded);
  item.set([0xfe, 0xff, 0, 0xe0]);
  new DataView(item.buffer).setUint32(4, padded, true);
  item.set(bytes, 8);
  return item;
}

import proto from 'onnx-proto';
import { hash32 } from '../base/index.ts';
import { decodeModel } from './read-onnx.ts';

/**
 * Eight hexadecimal digits of all that an ONNX file computes with, nodes, ports and weights, its metadata left out: a
 * checksum that tells a damaged file, where every byte of the weights is a number that would run. Throws
 * `onnx-unreadable`.
 */
export function fingerprintOf(bytes: Uint8Array): string {
  const { initializer, ...rest } = decodeModel(bytes).graph;
  let mixed = mixBytes(0, proto.onnx.GraphProto.encode(rest).finish());
  for (const { rawData, ...described } of initializer ?? []) {
    mixed = mixBytes(mixed, proto.onnx.TensorProto.encode(described).finish());
    if (rawData) mixed = mixBytes(mixed, rawData);
  }
  return mixed.toString(16).padStart(8, '0');
}

/** One more stretch of bytes, four at a time: a change of one word always changes the result. */
function mixBytes(start: number, bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = bytes.length - (bytes.length % 4);
  let mixed = hash32(start ^ bytes.length);
  for (let i = 0; i < words; i += 4) mixed = hash32(mixed ^ view.getInt32(i, true));
  for (let i = words; i < bytes.length; i++) mixed = hash32(mixed ^ view.getUint8(i));
  return mixed;
}

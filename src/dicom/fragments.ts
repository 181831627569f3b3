import { at, joinBytes, RefusedInput } from '../base/index.ts';
import type { DicomObject } from './dicom-object.ts';

/** Looked for once an object, however many frames it has. */
const startsOf = new WeakMap<DicomObject, readonly number[]>();

/** The fragments of one frame, counted from 0, one after another. Throws RefusedInput `pixel-data-damaged`. */
export function encodedFrame(object: DicomObject, frame: number): Uint8Array {
  const { parts } = object.pixelData;
  if (object.frames === 1) return joinBytes(parts);
  const starts = startsOf.get(object) ?? firstParts(object);
  startsOf.set(object, starts);
  const start = at(starts, frame);
  return joinBytes(parts.slice(start, starts[frame + 1] ?? parts.length));
}

/** The number of each frame's first fragment: by the offset table, by their count, or by how a frame's codes start. */
function firstParts(object: DicomObject): readonly number[] {
  const { pixelData, frames, where } = object;
  const { parts, partOffsets, frameOffsets } = pixelData;
  const partAt = new Map(partOffsets.map((offset, part) => [offset, part]));
  const byTable = frameOffsets.map((offset) => partAt.get(offset) ?? -1);
  if (isSound(byTable, frames)) return byTable;
  if (parts.length === frames) return parts.map((_, part) => part);
  const byMarker = parts.flatMap((part, index) => (startsFrame(part) ? [index] : []));
  if (isSound(byMarker, frames)) return byMarker;
  const text = `${where}: ${parts.length} fragments of PixelData (7FE0,0010) for ${frames} frames, and no offset table that says which belong together`;
  throw new RefusedInput('pixel-data-damaged', text);
}

/** A part for each frame, in order, from the first part on. */
function isSound(starts: readonly number[], frames: number): boolean {
  if (starts.length !== frames || starts[0] !== 0) return false;
  return starts.every((start, i) => i === 0 || start > at(starts, i - 1));
}

/** JPEG and JPEG-LS start with SOI and another marker, JPEG 2000 with SOC and SIZ. */
function startsFrame([first, second, third]: Uint8Array): boolean {
  return first === 0xff && third === 0xff && (second === 0xd8 || second === 0x4f);
}

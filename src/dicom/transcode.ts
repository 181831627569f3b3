import { joinBytes, RefusedInput } from '../base/index.ts';
import { ByteWriter } from './byte-writer.ts';
import { readDicomObject } from './dicom-object.ts';
import { tagOf } from './dictionary.ts';
import type { DataElement } from './elements.ts';
import { explicitRepresentation, littleEndianValue } from './explicit-values.ts';
import { parseFile, readFileMeta } from './parse.ts';
import { decodeWords, frameToDecode } from './stored-values.ts';
import { EXPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';
import { fileHead } from './write.ts';
import { fitsExplicit, writeElement, writeSequence } from './write-elements.ts';

const PIXEL_DATA = tagOf('PixelData');
const PIXEL_REPRESENTATION = tagOf('PixelRepresentation');
/** What tells of compressed frames alone. */
const OF_ENCAPSULATION = new Set([tagOf('ExtendedOffsetTable'), tagOf('ExtendedOffsetTableLengths')]);

/**
 * A DICOM file as one in explicit VR little endian, its pixels decoded. Throws as decodeFrame does where they cannot be, and
 * as readDicomObject.
 */
export async function toExplicitLittleEndian(
  bytes: Uint8Array,
  { where }: { readonly where: string },
): Promise<Uint8Array> {
  const { sopClassUid, sopInstanceUid } = readFileMeta(bytes, { where });
  const parsed = parseFile(bytes, where, { opensAll: true });
  const vrOf = explicitRepresentation(parsed);
  const { dataSet } = parsed;
  const isCompressed = dataSet.get(PIXEL_DATA)?.fragments !== undefined;
  const decoded = isCompressed ? await decodedElements(bytes, where) : new Map<number, DataElement>();
  const out = new ByteWriter();
  out.bytes(fileHead(sopClassUid, sopInstanceUid, EXPLICIT_LITTLE_ENDIAN));
  for (const [tag, own] of dataSet)
    if (!isCompressed || !OF_ENCAPSULATION.has(tag)) write(out, tag, decoded.get(tag) ?? own, vrOf);
  return out.written();
}

/** Pixels frame after frame, and their sign as the frames say it. */
async function decodedElements(bytes: Uint8Array, where: string): Promise<ReadonlyMap<number, DataElement>> {
  const object = readDicomObject(bytes, { where });
  const frames: Uint8Array[] = [];
  const signs = new Set<boolean>();
  for (let i = 0; i < object.frames; i++) {
    const { words, pixels } = await decodeWords(frameToDecode(object, i));
    frames.push(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
    signs.add(pixels.signed);
  }
  if (signs.size > 1)
    throw new RefusedInput('pixel-data-damaged', `${where}: some of its frames are signed and some are not`);
  const sign = Uint8Array.of(Number(signs.has(true)), 0);
  const vr = (object.number('BitsAllocated') ?? 0) > 8 ? 'OW' : 'OB';
  return new Map([
    [PIXEL_DATA, { vr, value: evenly(joinBytes(frames)), isLittleEndian: true }],
    [PIXEL_REPRESENTATION, { vr: 'US', value: sign, isLittleEndian: true }],
  ]);
}

const evenly = (bytes: Uint8Array): Uint8Array =>
  bytes.length % 2 === 0 ? bytes : joinBytes([bytes, new Uint8Array(1)]);

type RepresentationOf = ReturnType<typeof explicitRepresentation>;

function write(out: ByteWriter, tag: number, own: DataElement, vrOf: RepresentationOf): void {
  // A group's length is another in another encoding, and is not needed (PS3.5 7.2)
  if ((tag & 0xffff) === 0) return;
  if (own.items === undefined) writeValue(out, tag, vrOf(tag, own), littleEndianValue(own));
  else
    writeSequence(out, tag, own.items, (item) => {
      for (const [inner, value] of item) write(out, inner, value, vrOf);
    });
}

/** What is longer than explicit elements of its representation can be is kept as UN (PS3.5 6.2.2). */
const writeValue = (out: ByteWriter, tag: number, vr: string, value: Uint8Array): void =>
  writeElement(out, tag, fitsExplicit(vr, value.length) ? vr : 'UN', value);

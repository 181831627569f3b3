import { joinBytes } from '../base/index.ts';
import { ByteWriter } from './byte-writer.ts';
import { EXPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';
import { dataSetBytes, type WritableAttributes, type WritableValue, writeDataSet } from './write-elements.ts';

export interface DicomContent {
  /** By keyword; sequences as lists of such objects. */
  readonly attributes: WritableAttributes;
  /** Frame after frame, as stored. */
  readonly pixelData?: Uint8Array | Uint16Array | Int16Array;
  /** Only says so in the file: nothing is compressed here. */
  readonly transferSyntaxUid?: string;
}

/** Of our own making, under the UUID root (PS3.5 B.2). */
export const IMPLEMENTATION_CLASS_UID = '2.25.302043790172249692526321623266752743501';
export const IMPLEMENTATION_VERSION = 'ICHOR_0';
/** Bytes before the data: none that mean anything (PS3.10 7.1), then the prefix. */
const PREAMBLE = Uint8Array.from([...new Uint8Array(128), ...new TextEncoder().encode('DICM')]);

/** A DICOM file (PS3.10), explicit VR little endian. A valid one has SOPClassUID and SOPInstanceUID. */
export function writeDicomObject({ attributes, pixelData, transferSyntaxUid }: DicomContent): Uint8Array {
  const { SOPClassUID = '', SOPInstanceUID = '' } = attributes;
  const out = new ByteWriter();
  out.bytes(fileHead(SOPClassUID, SOPInstanceUID, transferSyntaxUid ?? EXPLICIT_LITTLE_ENDIAN));
  writeDataSet(out, { ...attributes, PixelData: pixelsToWrite(attributes, pixelData) });
  return out.written();
}

/** What stands before the data set of a file (PS3.10 7.1): for data sets that are kept as they came. */
export function fileHead(
  sopClassUid: WritableValue,
  sopInstanceUid: WritableValue,
  transferSyntaxUid: string,
): Uint8Array {
  const meta = dataSetBytes({
    FileMetaInformationVersion: Uint8Array.of(0, 1),
    MediaStorageSOPClassUID: sopClassUid,
    MediaStorageSOPInstanceUID: sopInstanceUid,
    TransferSyntaxUID: transferSyntaxUid,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: IMPLEMENTATION_VERSION,
  });
  return joinBytes([PREAMBLE, dataSetBytes({ FileMetaInformationGroupLength: meta.length }), meta]);
}

/** Pixels of up to 8 bits are written as bytes, others as words (PS3.5 annex A.2). */
function pixelsToWrite(
  { BitsAllocated }: WritableAttributes,
  pixelData: DicomContent['pixelData'],
): ArrayBufferView | undefined {
  if (pixelData === undefined) return undefined;
  const { buffer, byteOffset, byteLength } = pixelData;
  const isBytes = Number(BitsAllocated) <= 8;
  return isBytes
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new DataView(buffer, byteOffset, byteLength);
}

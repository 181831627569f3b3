import dcmjs from 'dcmjs';
import { EXPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

export interface DicomContent {
  /** By keyword; sequences as lists of such objects. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Frame after frame, as stored. */
  readonly pixelData?: Uint8Array | Uint16Array | Int16Array;
  /** Only says so in the file: nothing is compressed here. */
  readonly transferSyntaxUid?: string;
}

/** Of our own making, under the UUID root (PS3.5 B.2). */
const IMPLEMENTATION_CLASS_UID = '2.25.302043790172249692526321623266752743501';
const IMPLEMENTATION_VERSION = 'ICHOR_0';

/** A DICOM file (PS3.10), explicit VR little endian. A valid one has SOPClassUID and SOPInstanceUID. */
export function writeDicomObject({ attributes, pixelData, transferSyntaxUid }: DicomContent): Uint8Array {
  const { DicomDict, DicomMetaDictionary } = dcmjs.data;
  const { SOPClassUID = '', SOPInstanceUID = '', BitsAllocated } = attributes;
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: Uint8Array.of(0, 1).buffer,
    MediaStorageSOPClassUID: SOPClassUID,
    MediaStorageSOPInstanceUID: SOPInstanceUID,
    TransferSyntaxUID: transferSyntaxUid ?? EXPLICIT_LITTLE_ENDIAN,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: IMPLEMENTATION_VERSION,
  });
  const file = new DicomDict(meta);
  const pixels = pixelData === undefined ? {} : { PixelData: bufferOf(pixelData) };
  const vrMap = pixelData === undefined ? {} : { _vrMap: { PixelData: BitsAllocated === 8 ? 'OB' : 'OW' } };
  file.dict = DicomMetaDictionary.denaturalizeDataset({ ...attributes, ...pixels, ...vrMap });
  return new Uint8Array(file.write());
}

/** A buffer of its own, an even number of bytes long (PS3.5 8.1.1). */
function bufferOf(data: Uint8Array | Uint16Array | Int16Array): ArrayBuffer {
  const bytes = new Uint8Array(data.byteLength + (data.byteLength % 2));
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return bytes.buffer;
}

/**
 * One DICOM object: bytes to attributes to stored values to HU, and back.
 *
 *     const object = readDicomObject(bytes, { where: 'IM0001' });
 *     const hu = await frameHu(object, 0);
 */

// Where a page finds the decoders

export { CODEC_FILES, placeCodecs } from './codecs.ts';

// Reading

export type { DicomAttributes, DicomObject } from './dicom-object.ts';
export { readDicomHead, readDicomHeader, readDicomObject } from './dicom-object.ts';
export type { FileMeta } from './parse.ts';
export { isDicom, readFileMeta } from './parse.ts';

// As DICOM JSON, as another transfer syntax, frame by frame

export type { DicomJson, DicomJsonOptions, JsonAttribute, JsonName, JsonValue } from './dicom-json.ts';
export { bulkDataIn, dicomJson } from './dicom-json.ts';
export { jsonTagOf } from './dictionary.ts';
export type { FrameBytes, ObjectFrames } from './frame-bytes.ts';
export { readFrames } from './frame-bytes.ts';
export { toExplicitLittleEndian } from './transcode.ts';

// Whose it is, apart from all else

export type { PatientIdentity } from './identity.ts';
export { readIdentity } from './identity.ts';

// Pixels: stored values, then HU

export type { HuFrame, Rescale } from './hounsfield.ts';
export { decodeHu, frameHu, huFrame, PADDING_HU } from './hounsfield.ts';
export type { PixelModule } from './pixel-module.ts';
export { SourceModules, utcOffsetMinutes } from './source-modules.ts';
export type { DecodedSyntax, FrameToDecode, StoredValues } from './stored-values.ts';
export { decodeFrame } from './stored-values.ts';

// Transfer syntaxes

export type { Codec, TransferSyntax } from './transfer-syntaxes.ts';
export {
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  TRANSFER_SYNTAXES,
  transferSyntaxOf,
} from './transfer-syntaxes.ts';

// Writing

export type { PlainValue } from './encode-values.ts';
export { newUid } from './uid.ts';
export type { DicomContent } from './write.ts';
export { fileHead, IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION, writeDicomObject } from './write.ts';
export type { EncodedValue, WritableAttributes, WritableValue } from './write-elements.ts';
export { encodedItems } from './write-elements.ts';

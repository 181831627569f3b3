import type { StudyFile } from '../base/index.ts';
import {
  type DicomObject,
  frameHu,
  type PatientIdentity,
  readDicomObject,
  readIdentity,
} from '../dicom/index.ts';
import type { ObjectAttributes } from './object-attributes.ts';

/** A DICOM file held open while its frames are decoded. */
export interface OpenObject {
  readonly attributes: ObjectAttributes;
  readonly identity: PatientIdentity;
  frameHu(frame: number): Promise<Int16Array>;
}

export interface DicomReader {
  open(file: StudyFile): Promise<OpenObject>;
}

/** Reads with dicom/: the only place of this room that knows how that room's objects are asked. */
export const dicomReader: DicomReader = {
  open: async (file) => {
    const object: DicomObject = readDicomObject(await file.read(), { where: file.path });
    return { attributes: object, identity: readIdentity(object), frameHu: (frame) => frameHu(object, frame) };
  },
};

/** A usual head CT is 16 MB; more is read from its files again, so that memory does not grow with the study. */
const KEPT_BYTES = 48 * 2 ** 20;

/** Keeps objects from their first opening to their second, so that a usual study is parsed once. */
export function keepingReader(reader: DicomReader, mostBytes = KEPT_BYTES): DicomReader {
  const kept = new Map<string, OpenObject>();
  let bytes = 0;
  return {
    open: async (file) => {
      const known = kept.get(file.path);
      if (known !== undefined) {
        kept.delete(file.path);
        bytes -= file.size;
        return known;
      }
      const open = await reader.open(file);
      if (bytes + file.size > mostBytes) return open;
      kept.set(file.path, open);
      bytes += file.size;
      return open;
    },
  };
}

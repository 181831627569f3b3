import { IchorError, type StudyFile } from '../../base/index.ts';
import {
  type DicomObject,
  frameHu,
  type PatientIdentity,
  readDicomHeader,
  readDicomObject,
  readIdentity,
  type SourceModules,
} from '../../dicom/index.ts';
import type { ObjectAttributes } from '../headers/object-attributes.ts';

/** A DICOM file held open while its frames are decoded. */
export interface OpenObject {
  readonly attributes: ObjectAttributes;
  readonly identity: PatientIdentity;
  /** Patient and study, for objects made of this one. */
  readonly modules: SourceModules;
  /** Held in memory. */
  readonly bytes: number;
  frameHu(frame: number): Promise<Int16Array>;
}

export interface DicomReader {
  open(file: StudyFile): Promise<OpenObject>;
  /** The series that a file names before its pixels, where the whole cannot be opened; undefined where it names none. */
  seriesUidOf(file: StudyFile): Promise<string | undefined>;
}

/** What comes before the pixels lies in so many bytes of a file, most often. */
const HEAD_BYTES = 2 ** 16;

/** Reads with dicom/: the only place of this room that knows how that room's objects are asked. */
export const dicomReader: DicomReader = {
  open: async (file) => {
    const object: DicomObject = readDicomObject(await file.read(), { where: file.path });
    const { bytes } = object;
    return {
      attributes: object,
      identity: readIdentity(object),
      modules: object.sourceModules(),
      bytes,
      frameHu: (frame) => frameHu(object, frame),
    };
  },
  seriesUidOf: async (file) => {
    try {
      const head = await file.read(HEAD_BYTES);
      return readDicomHeader(head, { where: file.path }).text('SeriesInstanceUID')?.trim();
    } catch (thrown) {
      if (thrown instanceof IchorError) return undefined;
      throw thrown;
    }
  },
};

/** A usual head CT is 16 MB; more is read from its files again, so that memory does not grow with the study. */
const KEPT_BYTES = 48 * 2 ** 20;

/** Keeps objects from their first opening to their second, so that a usual study is parsed once. */
export function keepingReader(reader: DicomReader, mostBytes = KEPT_BYTES): DicomReader {
  const kept = new Map<string, OpenObject>();
  let bytes = 0;
  return {
    ...reader,
    open: async (file) => {
      const known = kept.get(file.path);
      if (known !== undefined) {
        kept.delete(file.path);
        bytes -= known.bytes;
        return known;
      }
      const open = await reader.open(file);
      if (bytes + open.bytes > mostBytes) return open;
      kept.set(file.path, open);
      bytes += open.bytes;
      return open;
    },
  };
}

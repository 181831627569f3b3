import { IchorError, type StudyFile } from '../../base/index.ts';
import {
  type DicomObject,
  type HuFrame,
  huFrame,
  type PatientIdentity,
  readDicomHead,
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
  /** Its pixels are there too. */
  readonly isWhole: boolean;
  /** What a frame's HU are decoded from. */
  huFrame(frame: number): HuFrame;
}

export interface DicomReader {
  /** What a file's headers say, from its first bytes where these tell it. */
  look(file: StudyFile, head: Uint8Array): Promise<OpenObject>;
  /** @param memory for the file's bytes, used until the next file is read into it */
  open(file: StudyFile, memory?: Uint8Array): Promise<OpenObject>;
  /** The series that a file names before its pixels, where the whole cannot be opened; undefined where it names none. */
  seriesUidOf(file: StudyFile): Promise<string | undefined>;
}

/** What comes before the pixels lies in so many bytes of a file, most often. */
export const HEAD_BYTES = 2 ** 16;

/** Reads with dicom/: the only place of this room that knows how that room's objects are asked. */
export const dicomReader: DicomReader = {
  look: async (file, head) => {
    const isWhole = head.length === file.size;
    const known = isWhole ? undefined : readDicomHead(head, { where: file.path, fileBytes: file.size });
    if (known !== undefined) return openObject(known, false);
    const bytes = isWhole ? head : await file.read();
    return openObject(readDicomObject(bytes, { where: file.path }), true);
  },
  open: async (file, memory) =>
    openObject(readDicomObject(await file.read(undefined, memory), { where: file.path }), true),
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

const openObject = (object: DicomObject, isWhole: boolean): OpenObject => ({
  attributes: object,
  identity: readIdentity(object),
  modules: object.sourceModules(),
  bytes: object.bytes,
  isWhole,
  huFrame: (frame) => huFrame(object, frame),
});

/** A usual head CT is 16 MB; more is read from its files again, so that memory does not grow with the study. */
const KEPT_BYTES = 16 * 2 ** 20;

/** Keeps what was read whole at the first look until it is opened, so that a usual study is parsed once. */
export function keepingReader(reader: DicomReader, mostBytes = KEPT_BYTES): DicomReader {
  // By file, not by path: files of several folders may be given under equal paths
  const kept = new Map<StudyFile, OpenObject>();
  let bytes = 0;
  return {
    ...reader,
    look: async (file, head) => {
      const object = await reader.look(file, head);
      if (object.isWhole && bytes + object.bytes <= mostBytes) {
        kept.set(file, object);
        bytes += object.bytes;
      }
      return object;
    },
    open: async (file, memory) => {
      const known = kept.get(file);
      if (known === undefined) return await reader.open(file, memory);
      kept.delete(file);
      bytes -= known.bytes;
      return known;
    },
  };
}

import type { StudyFile } from '../base/index.ts';
import {
  type DicomObject,
  frameHu,
  type PatientIdentity,
  readDicomObject,
  readIdentity,
} from '../dicom/index.ts';

/** A DICOM file held open while its frames are decoded. */
export interface OpenObject {
  readonly object: DicomObject;
  readonly identity: PatientIdentity;
  frameHu(frame: number): Promise<Int16Array>;
}

export interface DicomReader {
  open(file: StudyFile): Promise<OpenObject>;
}

/** Reads with dicom/. */
export const dicomReader: DicomReader = {
  open: async (file) => {
    const object = readDicomObject(await file.read(), { where: file.path });
    return { object, identity: readIdentity(object), frameHu: (frame) => frameHu(object, frame) };
  },
};

import type { StudyFile } from '../base/index.ts';
import { type DicomObject, frameHu, readDicomObject } from '../dicom/index.ts';

/** A DICOM file held open while its frames are decoded. */
export interface OpenObject {
  readonly object: DicomObject;
  frameHu(frame: number): Promise<Int16Array>;
}

export interface DicomReader {
  open(file: StudyFile): Promise<OpenObject>;
}

/** Reads with dicom/. */
export const dicomReader: DicomReader = {
  open: async (file) => {
    const object = readDicomObject(await file.read(), { where: file.path });
    return { object, frameHu: (frame) => frameHu(object, frame) };
  },
};

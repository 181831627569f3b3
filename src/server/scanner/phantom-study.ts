import { at } from '../../base/index.ts';
import { readDicomObject, readFileMeta } from '../../dicom/index.ts';
import { type Phantom, type PhantomFile, phantomDicom } from '../../phantom/index.ts';
import type { ObjectToSend } from '../dicom-network/requester.ts';

export interface StudyToSend {
  readonly study: string;
  readonly slices: readonly ObjectToSend[];
  /** The same as files. */
  readonly files: readonly PhantomFile[];
}

/** A phantom as the study of a patient of its own: the head's pixels, with identifiers and a name made from the seed. */
export function phantomStudy(head: Phantom, seed: number, urgent = false): StudyToSend {
  const files = phantomDicom({ ...head, seed });
  const slices = files.map(({ name, bytes }) => {
    const { dataSetStart, ...meta } = readFileMeta(bytes, { where: name });
    return { ...meta, urgent, dataSet: bytes.subarray(dataSetStart) };
  });
  const { name, bytes } = at(files, 0);
  const study = readDicomObject(bytes, { where: name }).text('StudyInstanceUID') ?? '';
  return { study, slices, files };
}

import { decodeHu, type HuFrame } from '../../dicom/index.ts';
import { threadWork } from '../../threads/index.ts';

export interface DecodeTask {
  readonly frame: HuFrame;
  /** In memory that threads share. */
  readonly into: Int16Array;
}

export const decode = threadWork(({ frame, into }: DecodeTask) => decodeHu(frame, into));

import { IchorError, RefusedInput } from '../../base/index.ts';

/** Statuses of C-STORE and C-ECHO (PS3.4 B.2.3, PS3.7 C). */
export const STATUS = {
  success: 0x0000,
  sopClassNotSupported: 0x0122,
  unrecognizedOperation: 0x0211,
  processingFailure: 0x0110,
  duplicateInstance: 0x0111,
  resourceLimitation: 0x0213,
  outOfResources: 0xa700,
  dataSetDoesNotMatch: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

/** The receiver's state and not the object is at fault: the same may be taken later (PS3.4 table B.2-1, PS3.7 C). */
export const isPassing = (status: number): boolean =>
  status === STATUS.processingFailure ||
  status === STATUS.resourceLimitation ||
  status >>> 8 === STATUS.outOfResources >>> 8;

const BY_CODE: Readonly<Record<string, number>> = {
  'disk-full': STATUS.outOfResources,
  'object-too-large': STATUS.outOfResources,
  'object-contradicts': STATUS.dataSetDoesNotMatch,
};

/** What a sender is told where an object could not be kept: may it try again, or is the object at fault? */
export function statusOf(thrown: unknown): number {
  const known = thrown instanceof IchorError ? BY_CODE[thrown.code] : undefined;
  return known ?? (thrown instanceof RefusedInput ? STATUS.cannotUnderstand : STATUS.processingFailure);
}

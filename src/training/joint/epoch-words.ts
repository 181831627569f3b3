import { FROZEN_STAGE } from './checkpoint.ts';

/** `3`, or where no epoch went below the stage before them `0 (the convolutions frozen)`. */
export const epochWords = (epoch: number): string =>
  epoch === FROZEN_STAGE ? '0 (the convolutions frozen)' : `${epoch + 1}`;

import type { ReactNode } from 'react';
import { whenText } from './texts.ts';

/** A moment in a table, on one line; nothing where none is known. */
export const When = ({ at }: { at: string | undefined }): ReactNode =>
  at !== undefined && <time dateTime={at}>{whenText(at)}</time>;

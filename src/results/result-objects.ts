import { IchorError } from '../base/index.ts';
import type { ResultInput } from './result-input.ts';
import { segmentation } from './segmentation.ts';
import { structuredReport } from './structured-report.ts';

/** An object that could not be made, and why; the others are there. */
export interface RefusedObject {
  readonly object: string;
  readonly code: string;
  readonly reason: string;
}

export interface ResultObjects {
  /** By file name, without identity. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly refused: readonly RefusedObject[];
}

/** By file name: each gives its bytes, or undefined where there is nothing to show. */
const MAKERS: Readonly<Record<string, (input: ResultInput) => Uint8Array | undefined>> = {
  'report.dcm': structuredReport,
  'segmentation.dcm': segmentation,
};

/** All objects of one study; a source that lacks what one of them needs refuses that object alone. */
export function resultObjects(input: ResultInput): ResultObjects {
  const files: Record<string, Uint8Array> = {};
  const refused: RefusedObject[] = [];
  for (const [name, make] of Object.entries(MAKERS)) {
    try {
      const bytes = make(input);
      if (bytes !== undefined) files[name] = bytes;
    } catch (thrown) {
      if (!(thrown instanceof IchorError)) throw thrown;
      refused.push({ object: name, code: thrown.code, reason: thrown.message });
    }
  }
  return { files, refused };
}

import { IchorError } from '../base/index.ts';
import { type ResultInput, type ResultParts, resultInput } from './result-input.ts';
import { secondaryCaptures } from './secondary-captures.ts';
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

/** All objects of one study; a source that lacks what one of them needs refuses that object alone. */
export function resultObjects(parts: ResultParts): ResultObjects {
  const refused: RefusedObject[] = [];
  const made = makeAll(resultInput(parts), (object, make) => {
    try {
      return make();
    } catch (thrown) {
      if (!(thrown instanceof IchorError)) throw thrown;
      refused.push({ object, code: thrown.code, reason: thrown.message });
      return undefined;
    }
  });
  return { files: Object.fromEntries(made), refused };
}

type Attempt = <T>(object: string, make: () => T) => T | undefined;
type NamedFile = readonly [name: string, bytes: Uint8Array];

/** The report last: it refers to the others. */
function makeAll(input: ResultInput, attempt: Attempt): NamedFile[] {
  const area = attempt('segmentation.dcm', () => segmentation(input));
  const captures = attempt('key images', () => secondaryCaptures(input)) ?? [];
  const report = attempt('report.dcm', () => structuredReport(input, { segmentation: area, captures }));
  return [
    ...(report === undefined ? [] : [['report.dcm', report.bytes] as const]),
    ...captures.map(({ file, bytes }) => [file, bytes] as const),
    ...(area === undefined ? [] : [['segmentation.dcm', area.bytes] as const]),
  ];
}

import { IchorError } from '../base/index.ts';
import { afterEarlier } from './earlier-report.ts';
import { fhirBundle, fhirJson } from './fhir-bundle.ts';
import { parametricMaps } from './parametric-maps.ts';
import { type RefusalParts, refusalReport, refusalSource } from './refusal-report.ts';
import type { StructuredReport } from './report-document.ts';
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

/**
 * All objects of one study; a source that lacks what one of them needs refuses that object alone.
 * @param earlierReport - report.dcm of an earlier run: named as predecessor where anything changed, made again where not
 */
export function resultObjects(parts: ResultParts, earlierReport?: Uint8Array): ResultObjects {
  const input = afterEarlier(
    (madeAt, predecessor) => resultInput({ ...parts, madeAt }, predecessor),
    parts.madeAt,
    earlierReport,
  );
  return attempted((attempt) => makeAll(input, attempt));
}

/** The report of a study that could not be analysed; without its patient's attributes, none. */
export function refusalObjects(parts: RefusalParts, earlierReport?: Uint8Array): ResultObjects {
  const source = afterEarlier(
    (madeAt, predecessor) => refusalSource({ ...parts, madeAt }, predecessor),
    parts.madeAt,
    earlierReport,
  );
  return attempted((attempt) => {
    const report = attempt('report.dcm', () => refusalReport(source, parts.study));
    return reportFiles(report);
  });
}

function attempted(makeFiles: (attempt: Attempt) => NamedFile[]): ResultObjects {
  const refused: RefusedObject[] = [];
  const files = makeFiles((object, make) => {
    try {
      return make();
    } catch (thrown) {
      if (!(thrown instanceof IchorError)) throw thrown;
      refused.push({ object, code: thrown.code, reason: thrown.message });
      return undefined;
    }
  });
  return { files: Object.fromEntries(files), refused };
}

/** The report, and what is derived from it. */
function reportFiles(report: StructuredReport | undefined): NamedFile[] {
  if (report === undefined) return [];
  const fhir = new TextEncoder().encode(fhirJson(fhirBundle(report.bytes)));
  return [
    ['report.dcm', report.bytes],
    ['fhir.json', fhir],
  ];
}

type Attempt = <T>(object: string, make: () => T) => T | undefined;
type NamedFile = readonly [name: string, bytes: Uint8Array];

/** The report last: it refers to the others. */
function makeAll(input: ResultInput, attempt: Attempt): NamedFile[] {
  const area = attempt('segmentation.dcm', () => segmentation(input));
  const captures = attempt('key images', () => secondaryCaptures(input)) ?? [];
  const maps = input.parametricMap ? (attempt('parametric maps', () => parametricMaps(input)) ?? []) : [];
  const report = attempt('report.dcm', () => structuredReport(input, { segmentation: area, captures }));
  return [
    ...reportFiles(report),
    ...captures.map(({ file, bytes }) => [file, bytes] as const),
    ...(area === undefined ? [] : [['segmentation.dcm', area.bytes] as const]),
    ...maps.map(({ file, bytes }) => [file, bytes] as const),
  ];
}

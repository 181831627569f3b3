import { open } from 'node:fs/promises';
import type { HeldStudy } from '../../archive/index.ts';
import { RefusedInput } from '../../base/index.ts';
import { type DicomAttributes, readDicomHeader } from '../../dicom/index.ts';
import type { Condition, RuleFacts } from './rule.ts';

const KEYWORDS: readonly (readonly [Condition, string])[] = [
  ['modality', 'Modality'],
  ['studyDescription', 'StudyDescription'],
  ['seriesDescription', 'SeriesDescription'],
  ['bodyPart', 'BodyPartExamined'],
  ['department', 'InstitutionalDepartmentName'],
  ['institution', 'InstitutionName'],
  ['station', 'StationName'],
];
const HEADER_BYTES = 262_144;

/** Of objects whose attributes are read, each value once. */
export function factsOf(headers: readonly DicomAttributes[], senders: readonly string[]): RuleFacts {
  const valuesOf = (keyword: string) => headers.flatMap((header) => header.text(keyword) ?? []);
  const facts = Object.fromEntries(
    KEYWORDS.map(([condition, keyword]) => [condition, [...new Set(valuesOf(keyword))]]),
  );
  return { ...NO_FACTS, ...facts, sender: [...new Set(senders)] };
}

const NO_FACTS: RuleFacts = {
  ...{ sender: [], modality: [], studyDescription: [], seriesDescription: [], bodyPart: [] },
  ...{ department: [], institution: [], station: [] },
};

/** Of a held study: its series differ in what rules ask, the slices of one do not, so that one of each is read. */
export async function factsOfHeld(
  { objects }: HeldStudy,
  pathOf: (instance: string) => string | undefined,
): Promise<RuleFacts> {
  const bySeries = new Map([...objects.values()].map((object) => [object.series, object.instance]));
  const files = [...bySeries.values()].flatMap((instance) => pathOf(instance) ?? []);
  const headers = (await Promise.all(files.map(readHeader))).flatMap((header) => header ?? []);
  return factsOf(
    headers,
    [...objects.values()].map(({ from }) => from),
  );
}

/** Undefined where it tells nothing. */
export async function readHeader(file: string): Promise<DicomAttributes | undefined> {
  await using handle = await open(file, 'r');
  const head = new Uint8Array(HEADER_BYTES);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  return headerIn(head.subarray(0, bytesRead));
}

/** The attributes in the first bytes of a file; undefined where they tell nothing. */
export function headerIn(head: Uint8Array): DicomAttributes | undefined {
  try {
    return readDicomHeader(head, { where: 'an object' });
  } catch (thrown) {
    if (thrown instanceof RefusedInput) return undefined;
    throw thrown;
  }
}

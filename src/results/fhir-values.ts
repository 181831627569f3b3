import { sha256 } from '../base/index.ts';
import type { CodedConcept } from './read-report.ts';
import { uidOf } from './uids.ts';

/** DICOM's designators of coding schemes as FHIR's systems (PS3.16 table 8-1). */
const SYSTEMS: Readonly<Record<string, string>> = {
  DCM: 'http://dicom.nema.org/resources/ontology/DCM',
  SCT: 'http://snomed.info/sct',
  UCUM: 'http://unitsofmeasure.org',
  UMLS: 'http://terminology.hl7.org/CodeSystem/umls',
  '99ICHOR': oid(uidOf('coding scheme', '99ICHOR')),
};
/** Of identifiers that are DICOM UIDs (FHIR R4, ImagingStudy). */
const UID_SYSTEM = 'urn:dicom:uid';

export function oid(uid: string): string {
  return `urn:oid:${uid}`;
}

export function systemOf(scheme: string): string {
  const system = SYSTEMS[scheme];
  if (system === undefined) throw new TypeError(`no system of ${scheme}`);
  return system;
}

export function conceptOf({ value, scheme, meaning }: CodedConcept, text?: string) {
  const coding = [{ system: systemOf(scheme), code: value, display: meaning }];
  return { coding, ...(text !== undefined && { text }) };
}

export const uidIdentifier = (uid: string) => ({ system: UID_SYSTEM, value: oid(uid) });

/** The place of an entry in its bundle, from what it stands for: a UUID of version 8 (RFC 9562). */
export function entryUrl(...parts: readonly string[]): string {
  const hex = sha256(new TextEncoder().encode(parts.join('\n')));
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return `urn:uuid:${[...groups, hex.slice(20, 32)].join('-')}`;
}

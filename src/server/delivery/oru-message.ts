import type { PatientIdentity } from '../../dicom/index.ts';

/** What an observation message says of a result. */
export interface Observation {
  /** MSH-10: alike for each try, so that a receiver takes it once. 20 signs at most. */
  readonly controlId: string;
  readonly at: Date;
  readonly receiver: { readonly application: string; readonly facility: string };
  readonly probability: number;
  readonly positive: boolean;
  /** What must be read with the finding. */
  readonly notes?: readonly string[];
  /** Absent unless whoever configured it wants it told. */
  readonly identity?: PatientIdentity & { readonly studyInstanceUid: string };
}

/** HL7 v2.5.1 ORU^R01 (chapter 7.3.1), preliminary, in segments that are ended as HL7 has it. */
export function oruMessage({
  controlId,
  at,
  receiver,
  identity,
  notes = [],
  ...result
}: Observation): string {
  const { application, facility } = receiver;
  const { name = '', patientId, birthDate, sex, accessionNumber, studyInstanceUid } = identity ?? {};
  const finding = result.positive ? 'suspected' : 'below the operating point';
  const segments = [
    fields('MSH', {
      // The first separator is itself field 1
      1: '^~\\&',
      2: 'ICHOR',
      4: escaped(application),
      5: escaped(facility),
      6: timeText(at),
      8: 'ORU^R01^ORU_R01',
      9: controlId,
      10: 'P',
      11: '2.5.1',
      17: 'UNICODE UTF-8',
    }),
    fields('PID', {
      1: '1',
      3: escaped(patientId),
      5: personName(name),
      7: escaped(birthDate),
      8: escaped(sex),
    }),
    fields('OBR', { 1: '1', 3: escaped(accessionNumber), 4: '24725-4^CT Head^LN', 7: timeText(at), 25: 'P' }),
    observation(1, 'NM', 'ICH-P^Probability of intracranial hemorrhage^99ICHOR', String(result.probability)),
    observation(2, 'ST', 'ICH^Intracranial hemorrhage, research use only^99ICHOR', finding),
    ...notes.map((text, i) => fields('NTE', { 1: String(i + 1), 2: 'L', 3: escaped(text) })),
    ...(studyInstanceUid === undefined
      ? []
      : [observation(3, 'ST', '110180^Study Instance UID^DCM', studyInstanceUid)]),
  ];
  return segments.map((segment) => `${segment}\r`).join('');
}

const observation = (number: number, type: string, what: string, value: string): string =>
  fields('OBX', { 1: String(number), 2: type, 3: what, 5: escaped(value), 11: 'P' });

/** By the fields' numbers; those of the header are counted without the separator. */
function fields(name: string, values: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(values).map(Number));
  return [name, ...Array.from({ length: last }, (_, i) => values[i + 1] ?? '')].join('|');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '&': '\\T\\',
  '~': '\\R\\',
};

/** No value can end its field or its segment (chapter 2.7). */
const escaped = (text = ''): string =>
  text.replaceAll(/[\\|^&~]/g, (sign) => ESCAPES[sign] ?? '').replaceAll(/\p{Cc}/gu, ' ');

/** Alphabetic, ideographic and phonetic, in DICOM's order (PS3.5 6.2.1.1), by HL7 table 4000. */
const REPRESENTATIONS = ['A', 'I', 'P'] as const;

/** Each group of the name that says something is a repetition; where there are several, XPN-8 tells which is which. */
function personName(dicomName: string): string {
  const groups = dicomName
    .split('=')
    .map((group, i) => ({ parts: nameParts(group), representation: REPRESENTATIONS[i] ?? '' }))
    .filter(({ parts }) => parts !== '');
  const [only, ...others] = groups;
  if (only !== undefined && others.length === 0) return only.parts;
  return groups
    .map(({ parts, representation }) => [
      ...Array.from({ length: 7 }, (_, i) => parts.split('^')[i] ?? ''),
      representation,
    ])
    .map((components) => components.join('^'))
    .join('~');
}

/** DICOM has the prefix before the suffix, HL7 behind it (PS3.5 6.2; XPN in chapter 2A). */
function nameParts(group: string): string {
  const [family, given, middle, prefix, suffix] = group.split('^');
  return [family, given, middle, suffix, prefix]
    .map((part) => escaped(part))
    .join('^')
    .replace(/\^+$/, '');
}

const timeText = (at: Date): string => `${at.toISOString().replaceAll(/\D/g, '').slice(0, 14)}+0000`;

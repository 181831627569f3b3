import { textIn, valuesIn } from '../dicomweb/attributes.ts';
import type { HeldInstance } from '../dicomweb/held-instances.ts';

/** Whom a study is of, as all its objects say it. */
export interface Patient {
  /** Patient ID and who issued it; an issuer that is absent is another than one that is named. */
  readonly key: string;
  /** Of these one may be absent, and none may differ. */
  readonly birthDate?: string;
  readonly sex?: string;
}

/** Given to many: two studies with one of these need not be of one patient. */
const SHARED_IDS = new Set([
  ...['anon', 'anonymous', 'anonymized', 'anonymised', 'id', 'n/a', 'na', 'no id', 'noid', 'none', 'null'],
  ...['patient', 'removed', 'test', 'unbekannt', 'unknown'],
]);
const isShared = (id: string): boolean => /^(.)\1*$/u.test(id) || SHARED_IDS.has(id.toLowerCase());

export const UNMATCHED = {
  'no-patient-id': 'the files name no patient ID, so earlier studies cannot be found',
  'shared-patient-id': 'the patient ID is one that many patients share, so earlier studies cannot be found',
  'several-patients': 'the files do not all name the same patient, so earlier studies are not looked for',
} as const;
export type Unmatched = keyof typeof UNMATCHED;

/** The one patient of a study's objects, or why there is none that could be held to another study's. */
export function patientOf(instances: readonly HeldInstance[]): Patient | Unmatched {
  const marks = instances.map(markOf);
  const [first] = marks;
  if (first === undefined || marks.some(({ id }) => id === '')) return 'no-patient-id';
  if (isShared(first.id)) return 'shared-patient-id';
  const [birthDates, sexes] = [told(marks, 'birthDate'), told(marks, 'sex')];
  if (marks.some(({ key }) => key !== first.key) || birthDates.length > 1 || sexes.length > 1)
    return 'several-patients';
  const [birthDate, sex] = [birthDates[0], sexes[0]];
  return {
    key: first.key,
    ...(birthDate !== undefined && { birthDate }),
    ...(sex !== undefined && { sex }),
  };
}

/** Two patients are one where ID and issuer are alike to the letter, and nothing that both tell differs. */
export const isSamePatient = (one: Patient, other: Patient): boolean =>
  one.key === other.key && agree(one.birthDate, other.birthDate) && agree(one.sex, other.sex);

const agree = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || one === other;

type Mark = ReturnType<typeof markOf>;

function markOf({ attributes }: HeldInstance) {
  const text = (keyword: string): string => (textIn(attributes, keyword) ?? '').trim();
  const id = text('PatientID');
  // The issuer may be told by a number that holds everywhere (PS3.3 10.14)
  const issuers = [
    text('IssuerOfPatientID'),
    JSON.stringify(valuesIn(attributes, 'IssuerOfPatientIDQualifiersSequence')),
  ];
  return {
    id,
    key: JSON.stringify([id, ...issuers]),
    birthDate: text('PatientBirthDate'),
    sex: text('PatientSex'),
  };
}

const told = (marks: readonly Mark[], name: 'birthDate' | 'sex'): string[] => [
  ...new Set(marks.map((mark) => mark[name]).filter((text) => text !== '')),
];

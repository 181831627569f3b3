import { IchorError, sha256 } from '../base/index.ts';
import { ByteWriter } from './byte-writer.ts';
import { isKnownCharacterSet } from './character-sets.ts';
import { tagOf } from './dictionary.ts';
import type { DataElement, DataSet } from './elements.ts';
import { isText, textsOf } from './values.ts';
import { EncodedValue, type WritableAttributes, writeElement, writeItems } from './write-elements.ts';

/** What objects made of a study carry on: Patient, General Study and Patient Study (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). */
const CARRIED_ON = [
  'SpecificCharacterSet',
  'TimezoneOffsetFromUTC',
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'IssuerOfPatientIDQualifiersSequence',
  'PatientBirthDate',
  'PatientBirthTime',
  'PatientSex',
  'OtherPatientIDsSequence',
  'OtherPatientNames',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
  'DeidentificationMethodCodeSequence',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'ReferringPhysicianName',
  'StudyID',
  'AccessionNumber',
  'IssuerOfAccessionNumberSequence',
  'StudyDescription',
  'ProcedureCodeSequence',
] as const;

/** Of type 2: there even where the source lacks them, without a value. */
const NEEDED: WritableAttributes = {
  PatientName: '',
  PatientID: '',
  PatientBirthDate: '',
  PatientSex: '',
  StudyDate: '',
  StudyTime: '',
  ReferringPhysicianName: '',
  StudyID: '',
  AccessionNumber: '',
};

/**
 * The patient and the study, from object to object: bytes as they lie in the source, in its own character set. Nothing
 * can be read from it but by the writer; no log and no JSON shows it.
 */
export class SourceModules {
  readonly #attributes: WritableAttributes;
  readonly #problem: string | undefined;
  #digest: string | undefined;

  constructor(dataSet: DataSet) {
    const found = CARRIED_ON.flatMap((keyword) => {
      const copied = copyOf(dataSet.get(tagOf(keyword)));
      // Empty, an attribute of type 1C is an error (PS3.5 7.4.2); those of type 2 are there in any case
      return copied === undefined || isEmpty(copied.bytes) ? [] : [[keyword, copied] as const];
    });
    this.#attributes = withMethod(Object.fromEntries(found));
    this.#problem = problemOf(
      dataSet,
      found.map(([, { bytes }]) => bytes),
    );
  }

  /** The same for the same patient and study, another where any of their attributes is; shows none of them. */
  digest(): string {
    this.#digest ??= this.#digestAnew();
    return this.#digest;
  }

  #digestAnew(): string {
    const lines = Object.entries(this.#attributes).map(([keyword, value]) =>
      value instanceof EncodedValue ? `${keyword} ${value.vr} ${sha256(value.bytes)}` : `${keyword} ${value}`,
    );
    return sha256(new TextEncoder().encode(lines.join('\n')));
  }

  /** Minutes that the source's dates and times are ahead of UTC (0008,0201); undefined where it says nothing. */
  get utcOffsetMinutes(): number | undefined {
    const offset = this.#attributes.TimezoneOffsetFromUTC;
    return offset instanceof EncodedValue
      ? utcOffsetMinutes(new TextDecoder().decode(offset.bytes))
      : undefined;
  }

  /** For an object to be written. Throws IchorError `character-set` where the texts' bytes mean nothing certain. */
  toWrite(): WritableAttributes {
    if (this.#problem !== undefined) throw new IchorError('character-set', this.#problem);
    return { ...NEEDED, ...this.#attributes };
  }
}

/** `+0530` as minutes (PS3.3 C.12.1.1.8); undefined for anything else. */
export function utcOffsetMinutes(text: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(text.trim()) ?? [];
  return sign === undefined ? undefined : Number(`${sign}1`) * (60 * Number(hours) + Number(minutes));
}

/** Text and sequences of it; a copy, so that the file's bytes need not stay in memory. */
function copyOf(from: DataElement | undefined): EncodedValue | undefined {
  if (from === undefined) return undefined;
  if (from.items !== undefined) return new EncodedValue('SQ', copyOfItems(from.items));
  return isText(from.vr) ? new EncodedValue(from.vr, Uint8Array.from(from.value)) : undefined;
}

/** Where the identity was removed it must say how (PS3.3 C.7.1.1), also where the source does not. */
function withMethod(found: Readonly<Record<string, EncodedValue>>): WritableAttributes {
  const { PatientIdentityRemoved, DeidentificationMethod, DeidentificationMethodCodeSequence } = found;
  const isRemoved = new TextDecoder().decode(PatientIdentityRemoved?.bytes).trim() === 'YES';
  if (!isRemoved || DeidentificationMethod || DeidentificationMethodCodeSequence) return found;
  return { ...found, DeidentificationMethod: 'not stated in the source' };
}

/** Without a value, or padding alone. */
const isEmpty = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0 || byte === 0x20);

function copyOfItems(items: readonly DataSet[]): Uint8Array {
  const out = new ByteWriter();
  writeItems(out, items, (item) => {
    for (const [tag, value] of item) {
      const copied = copyOf(value);
      if (copied !== undefined) writeElement(out, tag, copied.vr, copied.bytes);
    }
  });
  return out.written();
}

function problemOf(dataSet: DataSet, values: readonly Uint8Array[]): string | undefined {
  const element = dataSet.get(tagOf('SpecificCharacterSet'));
  const sets = element === undefined ? [] : textsOf(element, []);
  const unknown = sets.find((set) => !isKnownCharacterSet(set));
  if (unknown !== undefined)
    return `SpecificCharacterSet (0008,0005) is ${unknown}, which DICOM does not define: the patient's name cannot be carried on`;
  const isPlain = values.every((bytes) => bytes.every((byte) => byte < 0x80));
  return sets.length > 0 || isPlain
    ? undefined
    : "SpecificCharacterSet (0008,0005) is missing, but the patient's or the study's texts go beyond ASCII: they cannot be carried on; mend the source";
}

import { at, IchorError } from '../base/index.ts';
import type { WritableAttributes } from '../dicom/index.ts';
import type { Findings, Prediction } from '../prediction/index.ts';
import type { AcceptedStudy } from '../study/index.ts';
import { uidOf } from './uids.ts';

/** What the objects of one study are made from. */
export interface ResultInput {
  readonly study: AcceptedStudy;
  readonly findings: Findings;
  readonly prediction: Prediction;
  /** When the prediction was made. */
  readonly madeAt: Date;
}

/** The kinds of objects, each a series of its own. */
export const SERIES = {
  report: { modality: 'SR', number: 9001, description: 'Ichor, research use only: report' },
  segmentation: { modality: 'SEG', number: 9002, description: 'Ichor, research use only: attention maps' },
} as const;
export type ObjectKind = keyof typeof SERIES;

/** What every object of a study has: patient, study, series, equipment, and UIDs from all that determines it. */
export function commonAttributes(
  input: ResultInput,
  kind: ObjectKind,
  sopClassUid: string,
  content: readonly (string | Uint8Array)[] = [],
): WritableAttributes {
  const { study, prediction, madeAt } = input;
  if (study.modules === undefined)
    throw new IchorError(
      'not-from-dicom',
      'the study is not a DICOM study, so there is no patient to file the object under',
    );
  const { modality, number, description } = SERIES[kind];
  const basis = basisOf(input);
  const { date, time } = dateAndTime(madeAt);
  return {
    ...study.modules.toWrite(),
    SOPClassUID: sopClassUid,
    SOPInstanceUID: uidOf('instance', kind, ...basis, ...content),
    SeriesInstanceUID: uidOf('series', kind, ...basis, ...content),
    Modality: modality,
    SeriesNumber: number,
    SeriesDescription: description,
    InstanceNumber: 1,
    ...equipment(prediction),
    ContentDate: date,
    ContentTime: time,
  };
}

/**
 * The input's objects, the model, its operating point, what it said, by which version and when: all that is written, as
 * an object of one UID must never exist in two forms (PS3.5 9).
 */
function basisOf({ study, prediction, madeAt }: ResultInput): string[] {
  const { model, operatingPoint, software, anyHemorrhage, subtypes, slices, checks } = prediction;
  const instances = study.slices.map(({ sopInstanceUid, frame }) => `${sopInstanceUid} ${frame}`);
  const said = JSON.stringify([anyHemorrhage, subtypes, slices, checks.map((check) => check.text)]);
  return [...instances, model.sha256, String(operatingPoint), software.version, said, madeAt.toISOString()];
}

const equipment = ({ model, software }: Prediction): WritableAttributes => ({
  Manufacturer: 'Ichor',
  ManufacturerModelName: ascii(model.name),
  DeviceSerialNumber: model.sha256.slice(0, 16),
  SoftwareVersions: software.version,
});

/** Our own texts stay within every character set that a source may have. */
export const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** The machine's own time, as the source's dates are the scanner's own. */
export function dateAndTime(moment: Date): { readonly date: string; readonly time: string } {
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${moment.getFullYear()}${two(moment.getMonth() + 1)}${two(moment.getDate())}`,
    time: `${two(moment.getHours())}${two(moment.getMinutes())}${two(moment.getSeconds())}`,
  };
}

/** A slice's instance, and its frame where the instance has several. */
export function imageReference({ study }: ResultInput, slice: number): WritableAttributes {
  const { frame, sopInstanceUid } = at(study.slices, slice);
  const isEnhanced = study.series.sopClassUid !== '1.2.840.10008.5.1.4.1.1.2';
  return {
    ReferencedSOPClassUID: study.series.sopClassUid,
    ReferencedSOPInstanceUID: sopInstanceUid,
    ...(isEnhanced && { ReferencedFrameNumber: frame + 1 }),
  };
}

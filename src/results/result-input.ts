import { at, IchorError, sha256 } from '../base/index.ts';
import type { SourceModules, WritableAttributes } from '../dicom/index.ts';
import type { Raster } from '../figures/index.ts';
import type { Findings, Prediction } from '../prediction/index.ts';
import type { AcceptedStudy } from '../study/index.ts';
import { type ObjectIdentity, uidOf } from './uids.ts';

/** What the objects of one predicted study are made from. */
export interface ResultParts {
  readonly study: AcceptedStudy;
  readonly findings: Findings;
  readonly prediction: Prediction;
  /** As report/ draws them, CAPTURE_SIDE_PX wide; shown as they are. */
  readonly keyImages: readonly DrawnSlice[];
  /** The heat maps as Parametric Maps too. */
  readonly parametricMap?: boolean;
  /** Why the result lies outside of what was checked, a sentence each. */
  readonly outside?: readonly string[];
  /** When the prediction was made. */
  readonly madeAt: Date;
}

/** A slice as a picture, with what must be read with it burned in. */
export interface DrawnSlice {
  /** Index, from inferior. */
  readonly slice: number;
  readonly isHeatMap: boolean;
  /** For the file: `slice-014` */
  readonly name: string;
  readonly raster: Raster;
}

/** What every object needs, of a study that was predicted or of one that could not be. */
export interface ObjectSource {
  readonly modules: SourceModules | undefined;
  readonly studyInstanceUid: string;
  readonly model: Prediction['model'];
  readonly software: Prediction['software'];
  readonly madeAt: Date;
  /** The report that this one takes the place of. */
  readonly predecessor?: ObjectIdentity;
  /** All else that determines what is written. */
  readonly basis: readonly string[];
}

export type ResultInput = ResultParts & ObjectSource;

export function resultInput(parts: ResultParts, predecessor?: ObjectIdentity): ResultInput {
  const { study, prediction } = parts;
  const { model, software } = prediction;
  return {
    ...parts,
    modules: study.modules,
    studyInstanceUid: study.study.studyInstanceUid ?? '',
    model,
    software,
    ...(predecessor && { predecessor }),
    basis: basisOf(parts),
  };
}

/** The input's objects, the operating point, and what was said and drawn. */
function basisOf({ study, prediction, findings, outside = [] }: ResultParts): string[] {
  const { operatingPoint, operatingPointName, operatingPointMisses, subtypeThreshold } = prediction;
  const { anyHemorrhage, subtypes, subtypesReason, slices, checks } = prediction;
  const point = [operatingPoint, operatingPointName, operatingPointMisses, subtypeThreshold].join(' ');
  const instances = study.slices.map(({ sopInstanceUid, frame }) => `${sopInstanceUid} ${frame}`);
  const texts = [...checks.map(({ text }) => text), ...outside];
  const said = JSON.stringify([anyHemorrhage, subtypes, subtypesReason, slices, texts]);
  const drawn = Object.entries(findings.heatMaps).map(([name, maps]) => `${name} ${sha256(bytesOf(maps))}`);
  return [...instances, point, said, ...drawn, JSON.stringify(findings.frame)];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

export const COMPREHENSIVE_3D_SR = '1.2.840.10008.5.1.4.1.1.88.34';

/** The kinds of objects, each a series of its own. */
export const SERIES = {
  report: { modality: 'SR', number: 9001, description: 'Ichor, research use only: report' },
  segmentation: { modality: 'SEG', number: 9002, description: 'Ichor, research use only: attention maps' },
  keyImages: { modality: 'OT', number: 9003, description: 'Ichor, research use only: key images' },
  parametricMap: { modality: 'OT', number: 9004, description: 'Ichor, research use only: parametric maps' },
} as const;
export type ObjectKind = keyof typeof SERIES;

/**
 * Its UIDs: from all that is written and when, as an object of one UID must never exist in two forms (PS3.5 9).
 * @param number - within its series, from 1
 */
export function identityOf(
  source: ObjectSource,
  kind: ObjectKind,
  sopClassUid: string,
  number = 1,
): ObjectIdentity {
  const { modules, model, software, predecessor, studyInstanceUid, basis } = source;
  const { date, time } = madeOn(source);
  const carriedOn = modules?.digest() ?? '';
  const all = [studyInstanceUid, carriedOn, ...basis, model.sha256, software.version, `${date}${time}`];
  const replaced = predecessor?.sopInstanceUid ?? '';
  return {
    studyInstanceUid,
    seriesInstanceUid: uidOf('series', kind, ...all, replaced),
    sopClassUid,
    sopInstanceUid: uidOf('instance', kind, number, ...all, replaced),
  };
}

/** What every object of a study has: patient, study, series, equipment, and its own UIDs. */
export function commonAttributes(
  source: ObjectSource,
  kind: ObjectKind,
  identity: ObjectIdentity,
  number = 1,
): WritableAttributes {
  const { modules } = source;
  if (modules === undefined)
    throw new IchorError(
      'not-from-dicom',
      'the study is not a DICOM study, so there is no patient to file the object under',
    );
  const { modality, number: seriesNumber, description } = SERIES[kind];
  const { date, time } = madeOn(source);
  return {
    ...modules.toWrite(),
    SOPClassUID: identity.sopClassUid,
    SOPInstanceUID: identity.sopInstanceUid,
    SeriesInstanceUID: identity.seriesInstanceUid,
    Modality: modality,
    SeriesNumber: seriesNumber,
    SeriesDescription: description,
    InstanceNumber: number,
    ...equipment(source),
    ContentDate: date,
    ContentTime: time,
  };
}

const equipment = ({ model, software }: ObjectSource): WritableAttributes => ({
  Manufacturer: 'Ichor',
  ManufacturerModelName: ascii(model.name),
  DeviceSerialNumber: model.sha256.slice(0, 16),
  SoftwareVersions: software.version,
});

/** Our own texts stay within every character set that a source may have. */
export const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/**
 * When an object was made, in the source's time zone where that says one, as one attribute tells it of all dates (PS3.3
 * C.12.1.1.8); else the machine's own time, as the source's dates are the scanner's own.
 */
export function madeOn({ madeAt, modules }: ObjectSource): { readonly date: string; readonly time: string } {
  const ahead = modules?.utcOffsetMinutes ?? -madeAt.getTimezoneOffset();
  const [date, time] = new Date(madeAt.getTime() + 60_000 * ahead)
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .split('T');
  return { date: date ?? '', time: time ?? '' };
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

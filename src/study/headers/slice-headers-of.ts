import type { StudyFile } from '../../base/index.ts';
import { RefusedInput } from '../../base/index.ts';
import type { Vector3 } from '../../volume/index.ts';
import { cross, dot, norm, scale } from '../geometry/vectors.ts';
import type { Attributes, ObjectAttributes } from './object-attributes.ts';
import type { SliceHeader } from './slice-header.ts';
import { CT_SOP_CLASSES } from './sop-classes.ts';

/**
 * The headers of all slices in an object: one of a single-frame object, one a frame of a multi-frame one. An object
 * without pixels has one too, so that series selection can name it.
 * Throws RefusedInput `tag-missing` where a CT image lacks what every slice needs.
 */
export function sliceHeadersOf(file: StudyFile, object: ObjectAttributes): SliceHeader[] {
  refuseIncomplete(file, object);
  const common = commonOf(file, object);
  const frames = common.hasPixels ? object.frames : 1;
  refuseAbsurdFrames(file, frames);
  const headers = Array.from({ length: frames }, (_, frame) =>
    Object.freeze({ ...common, ...frameOf(object, frame), frame }),
  );
  refuseUnplacedFrames(file, headers);
  return headers;
}

/** Several frames at one place: those of cone beams and of CT Image Storage with frames have no functional groups. */
function refuseUnplacedFrames(file: StudyFile, headers: readonly SliceHeader[]): void {
  const places = headers.map(({ imagePositionPatient }) => imagePositionPatient?.join(' '));
  if (headers.length < MINIMUM_FRAMES || places[0] === undefined || new Set(places).size > 1) return;
  const text = `${file.path}: its ${headers.length} frames carry no position of their own (Plane Position Sequence): where each lies is unknown`;
  throw new RefusedInput('geometry-missing', text);
}
const MINIMUM_FRAMES = 2;

/** A frame's header takes memory: a damaged Number of Frames must not ask for millions. */
const MOST_FRAMES = 10_000;

function refuseAbsurdFrames(file: StudyFile, frames: number): void {
  if (Number.isInteger(frames) && frames >= 1 && frames <= MOST_FRAMES) return;
  const text = `${file.path}: Number of Frames is ${frames}, 1 to ${MOST_FRAMES} were expected`;
  throw new RefusedInput('frames-absurd', text);
}

/** Tags of type 1 that no reading can do without (PS3.3 A.3.3). */
const NEEDED = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'] as const;

function refuseIncomplete(file: StudyFile, object: ObjectAttributes): void {
  const sopClass = object.text('SOPClassUID') ?? '';
  const missing = NEEDED.filter((keyword) => (object.text(keyword) ?? '') === '');
  if (missing.length > 0)
    throw new RefusedInput('tag-missing', `${file.path}: ${missing.join(', ')} missing`);
  if (sopClass in CT_SOP_CLASSES && !object.hasPixelData) {
    const text = object.hasFloatPixels
      ? 'its pixels are floating point numbers (Float Pixel Data), a CT has Pixel Data of whole numbers'
      : 'Pixel Data missing';
    throw new RefusedInput('tag-missing', `${file.path}: ${text}`);
  }
}

function commonOf(file: StudyFile, object: ObjectAttributes) {
  const text = (keyword: string) => (object.text(keyword) ?? '').trim();
  const frameOfReferenceUid = text('FrameOfReferenceUID');
  const seriesNumber = object.number('SeriesNumber');
  const instanceNumber = object.number('InstanceNumber');
  return {
    file,
    sopClassUid: text('SOPClassUID'),
    sopInstanceUid: text('SOPInstanceUID'),
    studyInstanceUid: text('StudyInstanceUID'),
    seriesInstanceUid: text('SeriesInstanceUID'),
    ...(frameOfReferenceUid !== '' && { frameOfReferenceUid }),
    modality: text('Modality').toUpperCase(),
    rows: object.number('Rows') ?? 0,
    columns: object.number('Columns') ?? 0,
    ...(seriesNumber !== undefined && { seriesNumber }),
    ...(instanceNumber !== undefined && { instanceNumber }),
    acquired: `${text('AcquisitionDate')}${text('AcquisitionTime')}`,
    seriesDescription: text('SeriesDescription'),
    studyDescription: text('StudyDescription'),
    protocolName: text('ProtocolName'),
    contrastAgent: text('ContrastBolusAgent') || meaningOf(object, 'ContrastBolusAgentSequence'),
    scanner: [text('Manufacturer'), text('ManufacturerModelName')].filter((part) => part !== '').join(' '),
    transferSyntaxUid: object.transferSyntaxUid,
    hasPixels: object.hasPixelData,
  };
}

/** What functional groups may hold for each frame (PS3.3 C.7.6.16), or the object for its only one. */
function frameOf(object: ObjectAttributes, frame: number) {
  const group = object.frame(frame);
  const text = (keyword: string) => (group.text(keyword) ?? '').trim();
  const thickness = positive(group.number('SliceThickness'));
  const tilt = group.number('GantryDetectorTilt');
  const frameType = group.texts('FrameType');
  const imageType = frameType.length > 0 ? frameType : group.texts('ImageType');
  return {
    imageType: imageType.map((value) => value.trim().toUpperCase()),
    bodyPart: text('BodyPartExamined') || meaningOf(group, 'AnatomicRegionSequence'),
    kernel: group.texts('ConvolutionKernel').join(' ').trim(),
    rescaleType: text('RescaleType'),
    ...(thickness !== undefined && { sliceThicknessMm: thickness }),
    ...(tilt !== undefined && { gantryTiltDegrees: tilt }),
    ...spacingOf(group.numbers('PixelSpacing')),
    ...positionOf(group.numbers('ImagePositionPatient')),
    ...orientationOf(group.numbers('ImageOrientationPatient')),
  };
}

/** The meaning of a coded value (PS3.3 8.8): what Enhanced CT has in place of words. */
function meaningOf(from: Attributes, sequence: string): string {
  return (from.items(sequence)[0]?.text('CodeMeaning') ?? '').trim();
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Pixel Spacing is row spacing, then column spacing (PS3.3 10.7.1.3). */
function spacingOf([row, column]: readonly number[]): Pick<SliceHeader, 'pixelSpacingMm'> {
  const sound = (mm: number | undefined): mm is number => mm !== undefined && mm > 0.001 && mm < 100;
  return sound(row) && sound(column) ? { pixelSpacingMm: { row, column } } : {};
}

/** Further off than any scanner's field, a position is damaged, mm. */
const FURTHEST_MM = 100_000;

function positionOf(values: readonly number[]): Pick<SliceHeader, 'imagePositionPatient'> {
  if (values.length !== 3 || !values.every((mm) => Math.abs(mm) < FURTHEST_MM)) return {};
  return { imagePositionPatient: values as unknown as Vector3 };
}

/** Unit vectors at a right angle, to the precision with which scanners write them; otherwise damaged. */
function orientationOf(values: readonly number[]): Pick<SliceHeader, 'rowDirection' | 'columnDirection'> {
  if (values.length !== 6 || !values.every(Number.isFinite)) return {};
  const row = values.slice(0, 3) as unknown as Vector3;
  const column = values.slice(3, 6) as unknown as Vector3;
  const sound = [row, column].every((v) => Math.abs(norm(v) - 1) < 0.01) && Math.abs(dot(row, column)) < 0.01;
  if (!sound || norm(cross(row, column)) === 0) return {};
  return { rowDirection: scale(row, 1 / norm(row)), columnDirection: scale(column, 1 / norm(column)) };
}

import { IchorError, RefusedInput, type StudyFile, throwIfAborted, UNPACKING } from '../../base/index.ts';
import type { Vector3, Volume } from '../../volume/index.ts';
import {
  CHECKS,
  type CheckCode,
  counted,
  createCheck,
  isRefused,
  type StudyCheck,
} from '../checks/checks.ts';
import { failureChecks } from '../checks/failures.ts';
import { findHead } from '../content/head-test.ts';
import { oddSliceChecks } from '../content/odd-slices.ts';
import { airChecks } from '../content/plausible-hu.ts';
import { skullEdgeChecks } from '../content/skull-edges.ts';
import { checkGeometry } from '../geometry/geometry-checks.ts';
import { matrixProblem } from '../geometry/matrix.ts';
import { type Stack, stackOf } from '../geometry/stack.ts';
import { medianOf } from '../geometry/vectors.ts';
import type { PlacedSlice } from '../headers/slice-header.ts';
import { NO_IDENTITY } from '../outcome/identity.ts';
import { type AcceptedStudy, type StudyInfo, type StudyOutcome, withIdentity } from '../outcome/outcome.ts';
import type { DecodeOptions } from '../slices/decode-series.ts';
import { axesOf, type VolumeAxes } from './nifti-axes.ts';
import { inflate, NIFTI_HEADER_BYTES } from './nifti-bytes.ts';
import { bytesOfSlice, type NiftiHeader, niftiFileBytes, parseNiftiHeader } from './nifti-header.ts';
import { visitVoxels } from './nifti-voxels.ts';

export interface NiftiOptions extends DecodeOptions {
  readonly minimumSlices: number;
}

const AIR_HU = -1024;
/** Windows and masks span less; CT reaches from air to bone. */
const SMALLEST_SPAN_HU = 300;

export const niftiStudyInfo = ({ path }: StudyFile): StudyInfo => ({
  source: 'nifti',
  name: path.slice(path.lastIndexOf('/') + 1).replace(/\.nii(\.gz)?$/i, ''),
  file: path,
});

/** Reads a NIfTI file as one study of one series. */
export async function readNifti(file: StudyFile, options: NiftiOptions): Promise<StudyOutcome> {
  const study = niftiStudyInfo(file);
  try {
    return await read(file, study, options);
  } catch (thrown) {
    throwIfAborted(options.signal);
    if (!(thrown instanceof IchorError)) throw thrown;
    const code = thrown.code in CHECKS ? (thrown.code as CheckCode) : 'nifti-corrupt';
    const [check] = failureChecks([{ path: file.path, thrown }], code) as [StudyCheck];
    const refusal = check.severity === 'refused' ? [] : [createCheck('no-study', check.text)];
    return { kind: 'refused', study, checks: [...refusal, check] };
  }
}

async function read(file: StudyFile, study: StudyInfo, options: NiftiOptions): Promise<StudyOutcome> {
  const packed = await file.read();
  const isPacked = packed[0] === 0x1f && packed[1] === 0x8b;
  const head = isPacked ? await inflate(packed, NIFTI_HEADER_BYTES) : packed.subarray(0, NIFTI_HEADER_BYTES);
  const header = await parseNiftiHeader(head);
  const axes = axesOf(header);
  const few = tooFew(axes, options.minimumSlices);
  if (few.length > 0) return { kind: 'refused', study, checks: few };
  const expected = niftiFileBytes(header);
  if (isPacked) refuseBomb(packed.length, expected);
  const slice = bytesOfSlice(header);
  const bytes = isPacked ? await inflate(packed, expected + slice) : packed;
  refuseOtherLength(bytes.length, expected, slice);
  const { hu, checks } = readHu(bytes, header, axes, options);
  const stack = stackOf(placedSlices(file, axes));
  const volume = volumeOf(hu, axes, stack, header.orientationKnown);
  const all = [
    ...header.checks,
    ...axes.checks,
    ...checks,
    ...checkGeometry(stack),
    ...airChecks(hu),
    ...headCheck(volume),
    ...oddSliceChecks(volume),
    ...skullEdgeChecks(volume),
  ];
  if (isRefused(all)) return { kind: 'refused', study, checks: all };
  return accepted(file, study, volume, stack, all);
}

/** A head CT with 2,000 slices of 512 x 512 has half of it. */
const MOST_UNPACKED_BYTES = 2 ** 31;

/** Before memory is spent on what the header asks for. */
function refuseBomb(packed: number, unpacked: number): void {
  if (unpacked <= UNPACKING.fromBytes) return;
  if (unpacked <= MOST_UNPACKED_BYTES && unpacked <= UNPACKING.ratio * packed) return;
  const text = `its header asks for ${unpacked} bytes out of ${packed} packed ones, as a bomb's does`;
  throw new RefusedInput('nifti-corrupt', text);
}

/** Some bytes more are padding; a slice more, and the header speaks of another volume. */
function refuseOtherLength(found: number, expected: number, slice: number): void {
  if (found < expected) {
    const text = `it holds ${found} bytes, ${expected} were expected: it is truncated`;
    throw new RefusedInput('nifti-corrupt', text);
  }
  if (found < expected + slice) return;
  const text = `it holds a slice or more beyond the ${expected} bytes that its dimensions ask for: they are wrong`;
  throw new RefusedInput('nifti-dimensions', text);
}

function tooFew(axes: VolumeAxes, minimumSlices: number): StudyCheck[] {
  const { slice, row, column } = axes;
  const absurd = matrixProblem(row.size, column.size, slice.size);
  if (absurd !== undefined) return [createCheck('matrix-size', absurd)];
  if (slice.size >= minimumSlices) return [];
  const text = `it has ${counted(slice.size, 'slice')}, at least ${minimumSlices} were expected`;
  return [createCheck('too-few-slices', text)];
}

function readHu(bytes: Uint8Array, header: NiftiHeader, axes: VolumeAxes, options: DecodeOptions) {
  const hu = new Int16Array(axes.slice.size * axes.row.size * axes.column.size);
  const tally: Tally = {
    noNumber: 0,
    clipped: 0,
    lowest: Number.POSITIVE_INFINITY,
    highest: Number.NEGATIVE_INFINITY,
  };
  visitVoxels(bytes, header, axes, {
    beforeSlice: () => throwIfAborted(options.signal),
    value: (value, at) => {
      hu[at] = toHu(value, tally);
    },
    afterSlice: (slice) =>
      options.onProgress?.({ task: 'decoding slices', done: slice + 1, total: axes.slice.size }),
  });
  return { hu, checks: tallyChecks(tally, hu.length) };
}

interface Tally {
  noNumber: number;
  clipped: number;
  lowest: number;
  highest: number;
}

function toHu(value: number, tally: Tally): number {
  if (!Number.isFinite(value)) {
    tally.noNumber++;
    return AIR_HU;
  }
  if (value < tally.lowest) tally.lowest = value;
  if (value > tally.highest) tally.highest = value;
  const rounded = Math.round(value);
  if (rounded >= -32768 && rounded <= 32767) return rounded;
  tally.clipped++;
  return rounded < 0 ? -32768 : 32767;
}

function tallyChecks({ noNumber, clipped, lowest, highest }: Tally, values: number): StudyCheck[] {
  const checks: StudyCheck[] = [];
  const range = `${Number(lowest.toPrecision(4))} to ${Number(highest.toPrecision(4))}`;
  if (noNumber === values) return [createCheck('nifti-not-hu', 'none of its values is a number')];
  if (!(lowest < 0 && highest - lowest >= SMALLEST_SPAN_HU)) {
    checks.push(createCheck('nifti-not-hu', `its values go from ${range}: HU go from air (-1000) to bone`));
  }
  if (noNumber > 0)
    checks.push(
      createCheck('nifti-nan', `${noNumber} of ${values} values are not numbers and were read as air`),
    );
  if (clipped > 0)
    checks.push(createCheck('nifti-clipped', `${clipped} of ${values} values (${range}) clipped to 16 bits`));
  return checks;
}

/** Slices as the rules for geometry see them: with positions, without tags. */
function placedSlices(file: StudyFile, axes: VolumeAxes): PlacedSlice[] {
  const { direction, spacingMm, size } = axes.slice;
  const blank = {
    sopClassUid: '',
    sopInstanceUid: '',
    studyInstanceUid: '',
    seriesInstanceUid: '',
    modality: 'CT',
    imageType: [],
    acquired: '',
    seriesDescription: '',
    studyDescription: '',
    protocolName: '',
    bodyPart: '',
    contrastAgent: '',
    kernel: '',
    rescaleType: '',
    scanner: '',
    transferSyntaxUid: '',
    hasPixels: true,
  };
  return Array.from({ length: size }, (_, i) => ({
    ...blank,
    file,
    frame: i,
    rows: axes.row.size,
    columns: axes.column.size,
    // Distance between rows is a step along the row axis of the volume, and likewise for columns
    pixelSpacingMm: { row: axes.row.spacingMm, column: axes.column.spacingMm },
    rowDirection: axes.column.direction,
    columnDirection: axes.row.direction,
    imagePositionPatient: axes.origin.map(
      (at, part) => at + i * spacingMm * (direction[part] as number),
    ) as unknown as Vector3,
  }));
}

function volumeOf(hu: Int16Array, axes: VolumeAxes, stack: Stack, orientationKnown: boolean): Volume {
  return Object.freeze({
    hu,
    slices: axes.slice.size,
    rows: axes.row.size,
    columns: axes.column.size,
    geometry: Object.freeze({
      pixelSpacingMm: { row: axes.row.spacingMm, column: axes.column.spacingMm },
      rowDirection: axes.column.direction,
      columnDirection: axes.row.direction,
      imagePositionsPatient: stack.slices.map((slice) => slice.imagePositionPatient),
      sliceSpacingMm: stack.normalStepsMm.length > 0 ? medianOf(stack.normalStepsMm) : axes.slice.spacingMm,
      gantryTiltDegrees: stack.tiltDegrees,
      orientationKnown,
    }),
  });
}

function headCheck(volume: Volume): StudyCheck[] {
  const { isHead, slicesWithRing, slicesLookedAt } = findHead(volume);
  const text = `NIfTI names no body part; a ring of skull is seen on ${slicesWithRing} of ${slicesLookedAt} slices looked at`;
  return [createCheck(isHead ? 'head-by-content' : 'not-a-head', text)];
}

function accepted(
  file: StudyFile,
  study: StudyInfo,
  volume: Volume,
  stack: Stack,
  checks: readonly StudyCheck[],
): AcceptedStudy {
  const outcome = {
    kind: 'accepted' as const,
    study,
    series: { description: '', slices: volume.slices, rows: volume.rows, columns: volume.columns },
    slices: stack.placesMm.map((positionMm, frame) => ({ file: file.path, frame, positionMm })),
    volume,
    checks,
  };
  return withIdentity(outcome, NO_IDENTITY);
}

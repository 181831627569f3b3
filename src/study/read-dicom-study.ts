import { at } from '../base/index.ts';
import type { Vector3, Volume } from '../volume/index.ts';
import { createCheck, isRefused, type StudyCheck } from './checks/checks.ts';
import { bodyPartOf } from './choice/body-part.ts';
import { acceptedChecks, type ReadSeries, refusedChecks } from './choice/choice-checks.ts';
import { selectSeries } from './choice/select-series.ts';
import { findHead } from './content/head-test.ts';
import { oddSliceChecks } from './content/odd-slices.ts';
import { huChecks } from './content/plausible-hu.ts';
import { skullEdgeChecks } from './content/skull-edges.ts';
import { checkGeometry } from './geometry/geometry-checks.ts';
import { matrixProblem } from './geometry/matrix.ts';
import { middleOf, type Stack, stackOf } from './geometry/stack.ts';
import { medianOf } from './geometry/vectors.ts';
import { groupSeries, type Series, speaker } from './headers/series.ts';
import { type PlacedSlice, pathsOf } from './headers/slice-header.ts';
import type { DicomReader } from './inventory/dicom-reader.ts';
import type { StudySlices } from './inventory/inventory.ts';
import {
  type AcceptedStudy,
  type SeriesInfo,
  type SliceInfo,
  type StudyInfo,
  type StudyOutcome,
  withIdentity,
  withModules,
} from './outcome/outcome.ts';
import { type DecodeOptions, decodeSlices } from './slices/decode-series.ts';
import { tooManyLeftOut } from './slices/left-out.ts';
import { likeSlices } from './slices/like-slices.ts';

export interface DicomStudyOptions extends DecodeOptions {
  readonly seriesUid?: string | undefined;
  readonly minimumSlices: number;
}

export const dicomStudyInfo = ({ uid }: StudySlices): StudyInfo => ({
  source: 'dicom',
  name: uid,
  studyInstanceUid: uid,
});

/** Selects a series, decodes it and checks it; a candidate that fails gives way to the next. */
export async function readDicomStudy(
  study: StudySlices,
  found: readonly StudyCheck[],
  reader: DicomReader,
  options: DicomStudyOptions,
): Promise<StudyOutcome> {
  const info = dicomStudyInfo(study);
  const all = groupSeries(study.slices);
  const selection = selectSeries(all, options);
  const failed: ReadSeries[] = [];
  for (const series of selection.candidates) {
    const unread = study.lostOf(series.uid);
    const unreadChecks = found.filter(({ files = [] }) => files.some((path) => unread.includes(path)));
    const read = await readSeries(series, { paths: unread, checks: unreadChecks }, reader, options);
    if (!isRefused(read.checks)) {
      const checks = [...acceptedChecks(read, failed, selection), ...found];
      return accepted(info, study, read, checks);
    }
    failed.push(read);
  }
  const checks = [...refusedChecks(failed, selection), ...found];
  return withModules({ kind: 'refused', study: info, checks }, study.modules);
}

/** Files of a series that could not be read, and why. */
interface Unread {
  readonly paths: readonly string[];
  readonly checks: readonly StudyCheck[];
}

async function readSeries(
  series: Series,
  unread: Unread,
  reader: DicomReader,
  options: DicomStudyOptions,
): Promise<ReadSeries> {
  const like = likeSlices(series);
  if (isRefused(like.checks)) return { series, checks: like.checks };
  const planned = headerChecks(like.slices, options.minimumSlices);
  const lost = like.lost + unread.paths.length;
  // Copies, and slices of another kernel at places that are shown, would let more of the head be missing
  const all = like.slices.length + lost;
  const causes = [...like.checks, ...unread.checks];
  const before = [...like.checks, ...tooManyLeftOut(lost, all, causes), ...planned];
  if (isRefused(before)) return { series, checks: before };
  const inOrder = stackOf(like.slices).slices;
  const decoded = await decodeSlices(inOrder, reader, options);
  const undecoded = inOrder.length - decoded.slices.length;
  const after = undecoded === 0 ? planned : headerChecks(decoded.slices, options.minimumSlices);
  const tooMany = tooManyLeftOut(lost + undecoded, all, [...causes, ...decoded.checks]);
  const checks = [...like.checks, ...decoded.checks, ...tooMany, ...after];
  if (isRefused(checks)) return { series, checks };
  const stack = stackOf(decoded.slices);
  const volume = volumeOf(decoded.hu, stack);
  const filesOf = (slices: readonly number[]) => pathsOf(slices.map((slice) => at(stack.slices, slice)));
  return {
    series,
    volume,
    stack,
    checks: [
      ...checks,
      ...huChecks(decoded.hu),
      ...headChecks(series, volume),
      ...oddSliceChecks(volume, filesOf),
      ...skullEdgeChecks(volume),
    ],
  };
}

/** What the headers of the slices to be used say, before and after decoding. */
function headerChecks(slices: readonly PlacedSlice[], minimumSlices: number): StudyCheck[] {
  const [first] = slices;
  if (first === undefined || slices.length < minimumSlices) {
    const text = `${slices.length} slices can be used, at least ${minimumSlices} were expected`;
    return [createCheck('too-few-slices', text)];
  }
  const absurd = matrixProblem(first.rows, first.columns, slices.length);
  if (absurd !== undefined) return [createCheck('matrix-size', absurd)];
  return checkGeometry(stackOf(slices));
}

function volumeOf(hu: Int16Array, stack: Stack): Volume {
  const first = at(stack.slices, 0);
  return Object.freeze({
    hu,
    slices: stack.slices.length,
    rows: first.rows,
    columns: first.columns,
    geometry: Object.freeze({
      pixelSpacingMm: first.pixelSpacingMm,
      rowDirection: first.rowDirection,
      columnDirection: first.columnDirection,
      imagePositionsPatient: stack.slices.map((slice): Vector3 => slice.imagePositionPatient),
      sliceSpacingMm:
        stack.normalStepsMm.length > 0 ? medianOf(stack.normalStepsMm) : (first.sliceThicknessMm ?? 0),
      gantryTiltDegrees: stack.tiltDegrees,
      orientationKnown: true,
    }),
  });
}

/** Tags decide what they name; the skull's ring confirms them, or decides where they are silent. */
function headChecks(series: Series, volume: Volume): StudyCheck[] {
  const part = bodyPartOf(speaker(series));
  const { isHead, slicesWithRing, slicesLookedAt } = findHead(volume);
  const seen = `a ring of skull is seen on ${slicesWithRing} of ${slicesLookedAt} slices looked at`;
  if (part.kind === 'unknown') {
    const text = `no tag names the body part; ${seen}`;
    return [createCheck(isHead ? 'head-by-content' : 'not-a-head', text)];
  }
  if (isHead || part.kind === 'other') return [];
  return [createCheck('head-not-evident', `${part.tag} says "${part.word}", but ${seen}`)];
}

function accepted(
  info: StudyInfo,
  study: StudySlices,
  { series, stack, volume }: ReadSeries,
  checks: readonly StudyCheck[],
): AcceptedStudy {
  if (stack === undefined || volume === undefined) throw new TypeError('an accepted series has its volume');
  const outcome = {
    kind: 'accepted' as const,
    study: info,
    series: seriesInfo(series, stack),
    slices: stack.slices.map((slice, i) => sliceInfo(slice, at(stack.placesMm, i))),
    volume,
    checks,
  };
  return withIdentity(outcome, study.identity, study.modules);
}

function seriesInfo(series: Series, stack: Stack): SeriesInfo {
  const slice = middleOf(stack);
  return {
    seriesInstanceUid: series.uid,
    ...(slice.frameOfReferenceUid !== undefined && { frameOfReferenceUid: slice.frameOfReferenceUid }),
    ...(slice.seriesNumber !== undefined && { seriesNumber: slice.seriesNumber }),
    description: slice.seriesDescription,
    slices: stack.slices.length,
    rows: slice.rows,
    columns: slice.columns,
    ...(slice.sliceThicknessMm !== undefined && { sliceThicknessMm: slice.sliceThicknessMm }),
    ...(slice.kernel !== '' && { kernel: slice.kernel }),
    ...(slice.scanner !== '' && { scanner: slice.scanner }),
    transferSyntaxUid: slice.transferSyntaxUid,
    sopClassUid: slice.sopClassUid,
  };
}

function sliceInfo(slice: PlacedSlice, positionMm: number): SliceInfo {
  const { file, frame, sopInstanceUid } = slice;
  return { file: file.path, frame, ...(sopInstanceUid !== '' && { sopInstanceUid }), positionMm };
}

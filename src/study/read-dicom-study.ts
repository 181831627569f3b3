import type { Vector3, Volume } from '../volume/index.ts';
import { bodyPartOf } from './body-part.ts';
import { createCheck, isRefused, type StudyCheck } from './checks.ts';
import { contrastDoubt } from './contrast.ts';
import { type DecodeOptions, decodeSlices } from './decode-series.ts';
import type { DicomReader } from './dicom-reader.ts';
import { checkGeometry } from './geometry-checks.ts';
import { findHead } from './head-test.ts';
import type { StudySlices } from './inventory.ts';
import { isSharpKernel } from './kernels.ts';
import { tooManyLeftOut } from './left-out.ts';
import { likeSlices } from './like-slices.ts';
import { matrixProblem } from './matrix.ts';
import {
  type AcceptedStudy,
  type SeriesInfo,
  type SliceInfo,
  type StudyInfo,
  type StudyOutcome,
  withIdentity,
} from './outcome.ts';
import { preferredText, type Selection, selectSeries } from './select-series.ts';
import { groupSeries, type Series, seriesName, speaker } from './series.ts';
import { fewPaths, type PlacedSlice, pathsOf } from './slice-header.ts';
import { type Stack, stackOf } from './stack.ts';
import { medianOf } from './vectors.ts';

export interface DicomStudyOptions extends DecodeOptions {
  readonly seriesUid?: string | undefined;
  readonly minimumSlices: number;
}

interface ReadSeries {
  readonly series: Series;
  readonly volume?: Volume;
  readonly stack?: Stack;
  readonly checks: readonly StudyCheck[];
}

/** Selects a series, decodes it and checks it; a candidate that fails gives way to the next. */
export async function readDicomStudy(
  study: StudySlices,
  found: readonly StudyCheck[],
  reader: DicomReader,
  options: DicomStudyOptions,
): Promise<StudyOutcome> {
  const info: StudyInfo = { source: 'dicom', name: study.uid, studyInstanceUid: study.uid };
  const all = groupSeries(study.slices);
  const selection = selectSeries(all, options);
  const failed: ReadSeries[] = [];
  for (const series of selection.candidates) {
    const read = await readSeries(series, study.lostOf(series.uid), reader, options);
    if (!isRefused(read.checks)) {
      const checks = [...acceptedChecks(read, failed, selection), ...found];
      return accepted(info, study, read, checks);
    }
    failed.push(read);
  }
  return { kind: 'refused', study: info, checks: [...refusedChecks(failed, selection), ...found] };
}

async function readSeries(
  series: Series,
  unread: readonly string[],
  reader: DicomReader,
  options: DicomStudyOptions,
): Promise<ReadSeries> {
  const like = likeSlices(series);
  const planned = headerChecks(like.slices, options.minimumSlices);
  const before = [...like.checks, ...tooManyLeftOut(series, unread, like.checks), ...planned];
  if (isRefused(before)) return { series, checks: before };
  const inOrder = stackOf(like.slices).slices;
  const decoded = await decodeSlices(inOrder, reader, options);
  const after =
    decoded.slices.length === inOrder.length ? planned : headerChecks(decoded.slices, options.minimumSlices);
  const left = [...like.checks, ...decoded.checks];
  const checks = [...left, ...tooManyLeftOut(series, unread, left), ...after];
  if (isRefused(checks)) return { series, checks };
  const stack = stackOf(decoded.slices);
  const volume = volumeOf(decoded.hu, stack);
  return { series, volume, stack, checks: [...checks, ...headChecks(series, volume)] };
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
  const first = stack.slices[0] as PlacedSlice;
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

function acceptedChecks(read: ReadSeries, failed: readonly ReadSeries[], selection: Selection): StudyCheck[] {
  const { series } = read;
  const behind = selection.candidates.filter((s) => s !== series && !failed.some((f) => f.series === s));
  return [
    createCheck('series-chosen', chosenText(series, behind, selection)),
    ...selection.checks,
    ...read.checks,
    ...sharpKernel(series),
    ...unclearContrast(series),
    ...behind.map((other) => notChosen(other, preferredText(series, other))),
    ...failed.map(({ series: other, checks }) => notChosen(other, firstRefusal(checks))),
    ...selection.refused.map(({ series: other, check }) => strayOrNotChosen(series, other, check)),
  ];
}

function chosenText(series: Series, behind: readonly Series[], selection: Selection): string {
  const name = seriesName(series);
  if (selection.checks.length > 0) return `${name} was read: it was asked for`;
  const [next] = behind;
  if (next === undefined) return `${name} was read: the only series that the rules leave`;
  return `${name} was read before ${behind.length} other that the rules leave, by ${preferredText(series, next)}`;
}

function sharpKernel(series: Series): StudyCheck[] {
  const { kernel } = speaker(series);
  return isSharpKernel(kernel)
    ? [createCheck('sharp-kernel', `Convolution Kernel is ${kernel}, a sharp one`)]
    : [];
}

function unclearContrast(series: Series): StudyCheck[] {
  const doubt = contrastDoubt(speaker(series));
  return doubt === undefined ? [] : [createCheck('contrast-unclear', doubt)];
}

function notChosen(series: Series, why: string): StudyCheck {
  const text = `${seriesName(series)} was not read: ${why}`;
  return createCheck('series-not-chosen', text, { files: fewPaths(series.slices) });
}

/** A few slices in the folder of the series that was read are strays, which a user wants to see. */
function strayOrNotChosen(chosen: Series, other: Series, check: StudyCheck): StudyCheck {
  const why = check.text.replace(`${seriesName(other)}: `, '');
  if (check.code !== 'too-few-slices' || !shareFolder(chosen, other))
    return notChosen(other, `${why} (${check.code})`);
  const text = `${seriesName(other)} lies among the files of the series that was read, and was left out: ${why}`;
  return createCheck('slice-of-another-series', text, { files: pathsOf(other.slices) });
}

function shareFolder(a: Series, b: Series): boolean {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
  const folders = new Set(pathsOf(a.slices).map(folderOf));
  return pathsOf(b.slices)
    .map(folderOf)
    .some((folder) => folders.has(folder));
}

function firstRefusal(checks: readonly StudyCheck[]): string {
  const check = checks.find((c) => c.severity === 'refused');
  return check === undefined ? '' : `${check.text} (${check.code})`;
}

/** The fullest series speaks first: its refusal is what the user wants to know. */
function refusedChecks(failed: readonly ReadSeries[], selection: Selection): StudyCheck[] {
  const [tried, ...triedToo] = failed;
  const refused = selection.refused.toSorted((a, b) => b.series.slices.length - a.series.slices.length);
  return [
    ...(tried?.checks.toSorted(
      (a, b) => Number(b.severity === 'refused') - Number(a.severity === 'refused'),
    ) ?? []),
    ...selection.checks,
    ...triedToo.map(({ series, checks }) => notChosen(series, firstRefusal(checks))),
    ...refused.map(({ check }) => check),
  ];
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
    slices: stack.slices.map((slice, i) => sliceInfo(slice, stack.placesMm[i] as number)),
    volume,
    checks,
  };
  return withIdentity(outcome, study.identity);
}

function seriesInfo(series: Series, stack: Stack): SeriesInfo {
  const slice = stack.slices[Math.floor(stack.slices.length / 2)] as PlacedSlice;
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

import { at } from '../../base/index.ts';
import { medianOf, norm, subtract } from '../geometry/vectors.ts';
import { kernelGroups } from './kernels.ts';
import { isPlaced, type SliceHeader } from './slice-header.ts';
import { findWord } from './words.ts';

/** The slices of one Series Instance UID, in order of file and frame, scouts among them put aside. */
export interface Series {
  readonly uid: string;
  readonly slices: readonly SliceHeader[];
  /** Scout views that share the series with axial slices. */
  readonly localizers: readonly SliceHeader[];
}

const SCOUT = /\b(scout|topogram|scanogram|surview|localizer|localiser)\b/;

export function isLocalizer(slice: SliceHeader): boolean {
  return (
    slice.imageType.some((value) => value === 'LOCALIZER' || value === 'SCOUT') ||
    findWord(slice.seriesDescription, SCOUT) !== undefined
  );
}

/** Slices by series, in order of UID; the order of the files does not matter. */
export function groupSeries(slices: readonly SliceHeader[]): Series[] {
  const byUid = Map.groupBy(slices, (slice) => slice.seriesInstanceUid);
  return [...byUid].sort(([a], [b]) => (a < b ? -1 : 1)).map(([uid, members]) => seriesOf(uid, members));
}

function seriesOf(uid: string, members: readonly SliceHeader[]): Series {
  const inOrder = members.toSorted((a, b) => comparePaths(a, b) || a.frame - b.frame);
  const axial = inOrder.filter((slice) => !isLocalizer(slice));
  if (axial.length === 0) return { uid, slices: inOrder, localizers: [] };
  return { uid, slices: axial, localizers: inOrder.filter(isLocalizer) };
}

function comparePaths(a: SliceHeader, b: SliceHeader): number {
  return a.file.path < b.file.path ? -1 : Number(a.file.path > b.file.path);
}

/** The slice that speaks for a series: the middle one of the kernel that is read of the largest kind, as any one may be a stray or damaged. */
export function speaker({ slices }: Series): SliceHeader {
  const kinds = [...Map.groupBy(slices, kindOf).values()];
  const largest = kinds.reduce((a, b) => (b.length > a.length ? b : a));
  const read = at(kernelGroups(largest), 0);
  return at(read, Math.floor(read.length / 2));
}

const kindOf = ({ modality, sopClassUid, rows, columns, pixelSpacingMm }: SliceHeader): string =>
  [modality, sopClassUid, rows, columns, pixelSpacingMm?.row, pixelSpacingMm?.column].join(' ');

export function thicknessMm(series: Series): number | undefined {
  const tags = series.slices.flatMap((slice) => slice.sliceThicknessMm ?? []);
  return tags.length > 0 ? medianOf(tags) : undefined;
}

/** Distance between the furthest positions, mm. */
export function extentMm(series: Series): number {
  const positions = series.slices.filter(isPlaced).map((slice) => slice.imagePositionPatient);
  const lowest = positions.reduce((a, b) => (b[2] < a[2] ? b : a), positions[0] ?? [0, 0, 0]);
  const highest = positions.reduce((a, b) => (b[2] > a[2] ? b : a), positions[0] ?? [0, 0, 0]);
  return norm(subtract(highest, lowest));
}

/** How a text names a series: `series 3 "HEAD 5 mm" (32 slices)`. */
export function seriesName(series: Series): string {
  const { seriesNumber, seriesDescription } = speaker(series);
  const number = seriesNumber === undefined ? series.uid : String(seriesNumber);
  const description = seriesDescription === '' ? '' : ` "${seriesDescription}"`;
  const count = series.slices.length;
  return `series ${number}${description} (${count} slice${count === 1 ? '' : 's'})`;
}

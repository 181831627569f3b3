import { type CheckCode, counted, createCheck, mmText, type StudyCheck } from '../checks/checks.ts';
import { namesAgent } from '../choice/contrast.ts';
import { compareAcquired, normalOf, placesText, SAME_PLACE_MM, stackOf } from '../geometry/stack.ts';
import { angleBetween, dot } from '../geometry/vectors.ts';
import type { Series } from '../headers/series.ts';
import { fewPaths, isPlaced, type PlacedSlice, pathsOf, type SliceHeader } from '../headers/slice-header.ts';
import { ofOneKernel } from './one-kernel.ts';
import { interleavedPasses, SEVERAL_PASSES_SHARE } from './passes.ts';

export interface LikeSlices {
  /** Of one kind, each place once; of no use where a check is refused. */
  readonly slices: readonly PlacedSlice[];
  /** How many were left out that the series needs: not the copies, nor what others show as well. */
  readonly lost: number;
  readonly checks: readonly StudyCheck[];
}

interface Likeness {
  readonly code: CheckCode;
  readonly same: (a: PlacedSlice, b: PlacedSlice) => boolean;
  /** What the slices left out have, against what the others have. */
  readonly says: (slice: PlacedSlice, other: PlacedSlice) => string;
}

const near = (a: number, b: number, share: number) => Math.abs(a - b) <= share * Math.max(a, b);
const COSINE_OF_ONE_DEGREE = Math.cos(Math.PI / 180);

function against(say: (slice: PlacedSlice) => string): Likeness['says'] {
  return (slice, other) => `${say(slice)}, the others have ${say(other)}`;
}

/** How a slice lies against another one: out of its plane, or turned about the normal that both have. */
function turnText(slice: PlacedSlice, other: PlacedSlice): string {
  const told = (angle: number) => `${Number(angle.toFixed(1))} degrees`;
  const lean = angleBetween(normalOf(slice), normalOf(other));
  if (lean > 1) return `leaning by ${told(lean)} against the others`;
  return `turned by ${told(angleBetween(slice.rowDirection, other.rowDirection))} in its plane against the others`;
}

/** In what the slices of a volume must be alike; of each the largest group stays. */
const LIKENESSES: readonly Likeness[] = [
  {
    code: 'slice-of-another-series',
    same: (a, b) => a.modality === b.modality,
    says: against((slice) => `Modality ${slice.modality || 'not given'}`),
  },
  {
    code: 'slice-of-another-series',
    same: (a, b) => a.frameOfReferenceUid === b.frameOfReferenceUid,
    says: against((slice) => `frame of reference ${slice.frameOfReferenceUid ?? 'not given'}`),
  },
  {
    code: 'mixed-orientation',
    same: (a, b) =>
      dot(a.rowDirection, b.rowDirection) > COSINE_OF_ONE_DEGREE &&
      dot(a.columnDirection, b.columnDirection) > COSINE_OF_ONE_DEGREE,
    says: turnText,
  },
  {
    code: 'mixed-matrix',
    same: (a, b) => a.rows === b.rows && a.columns === b.columns,
    says: against((slice) => `${slice.rows} x ${slice.columns}`),
  },
  {
    code: 'mixed-pixel-spacing',
    same: (a, b) =>
      near(a.pixelSpacingMm.row, b.pixelSpacingMm.row, 0.01) &&
      near(a.pixelSpacingMm.column, b.pixelSpacingMm.column, 0.01),
    says: against(({ pixelSpacingMm }) => `${mmText(pixelSpacingMm.row)} x ${mmText(pixelSpacingMm.column)}`),
  },
  {
    code: 'mixed-contrast',
    same: (a, b) => namesAgent(a) === namesAgent(b),
    says: against((slice) => `${namesAgent(slice) ? '' : 'no '}contrast agent`),
  },
];

/** The slices of a series that make one volume; whatever is left out is named. */
export function likeSlices(series: Series): LikeSlices {
  const checks: StudyCheck[] = [];
  if (series.localizers.length > 0) {
    const text = `${counted(series.localizers.length, 'scout view')} inside the series left out`;
    checks.push(createCheck('localizer-in-series', text, { files: pathsOf(series.localizers) }));
  }
  const placed = placedOf(series, checks);
  if (placed.length === 0) return { slices: [], lost: series.slices.length, checks };
  const alike = LIKENESSES.reduce((slices, likeness) => keepLargest(slices, likeness, checks), placed);
  const lost = series.slices.length - alike.length;
  return { slices: oneAtEachPlace(ofOneKernel(alike, checks), checks), lost, checks };
}

function placedOf(series: Series, checks: StudyCheck[]): readonly PlacedSlice[] {
  const placed = series.slices.filter(isPlaced);
  const lost = series.slices.filter((slice) => !isPlaced(slice));
  if (lost.length === 0) return placed;
  const tags = unplacedTags(lost);
  if (placed.length === 0) checks.push(createCheck('geometry-missing', `no slice has a sound ${tags}`));
  const text = `${counted(lost.length, 'slice')} without a sound ${tags}, left out`;
  checks.push(createCheck('slice-without-geometry', text, { files: pathsOf(lost) }));
  return placed;
}

/** What a slice needs to have its place, as the standard names it. */
const PLACE_TAGS = {
  'Image Position (Patient)': 'imagePositionPatient',
  'Image Orientation (Patient)': 'rowDirection',
  'Pixel Spacing': 'pixelSpacingMm',
} as const satisfies Readonly<Record<string, keyof SliceHeader>>;

function unplacedTags(slices: readonly SliceHeader[]): string {
  const missing = Object.entries(PLACE_TAGS).filter(([, key]) => slices.some((s) => s[key] === undefined));
  return missing.map(([tag]) => tag).join(' or ');
}

function keepLargest(
  slices: readonly PlacedSlice[],
  { code, same, says }: Likeness,
  checks: StudyCheck[],
): readonly PlacedSlice[] {
  const groups: [PlacedSlice, ...PlacedSlice[]][] = [];
  for (const slice of slices) {
    const group = groups.find(([first]) => same(first, slice));
    if (group === undefined) groups.push([slice]);
    else group.push(slice);
  }
  const [largest, ...others] = groups.sort((a, b) => b.length - a.length);
  if (largest === undefined) return slices;
  // Slices that all differ, as those of a turning camera do, are one reason and not one each
  if (others.length > MOST_KINDS_NAMED) {
    const left = others.flat();
    const text = `${counted(left.length, 'slice')} of ${others.length} kinds left out, the first ${says(others[0]?.[0] ?? largest[0], largest[0])}`;
    checks.push(createCheck(code, text, { files: pathsOf(left) }));
    return largest;
  }
  for (const group of others) {
    const text = `${counted(group.length, 'slice')} left out: ${says(group[0], largest[0])}`;
    checks.push(createCheck(code, text, { files: pathsOf(group) }));
  }
  return largest;
}

const MOST_KINDS_NAMED = 4;

/** Copies of a slice, and different slices at one place: the one acquired last stays (a repeat after motion). */
function oneAtEachPlace(slices: readonly PlacedSlice[], checks: StudyCheck[]): readonly PlacedSlice[] {
  const places = groupPlaces(slices);
  const copies = places.flatMap((place) =>
    place.filter((slice, i) => place.findIndex((s) => isCopy(s, slice)) < i),
  );
  const different = places.map((place) => place.filter((slice) => !copies.includes(slice)));
  const repeated = different.filter((place) => place.length > 1);
  if (copies.length > 0) {
    const text = `${counted(copies.length, 'file')} hold a slice that is there already (same SOP Instance UID and position), at ${placesText(copies)}`;
    checks.push(createCheck('duplicate-file', text, { files: pathsOf(copies) }));
  }
  if (repeated.length > SEVERAL_PASSES_SHARE * places.length) {
    const found =
      places.length === 1
        ? `all ${different.flat().length} slices lie at one Image Position (Patient)`
        : `${repeated.length} of ${places.length} positions are shown more than once`;
    const text = `${found}: one pass over the head was expected`;
    checks.push(createCheck('several-passes', text, { files: fewPaths(repeated.flat()) }));
  } else if (repeated.length > 0) {
    const lost = repeated.flatMap((place) => place.slice(0, -1));
    const text = `${counted(repeated.length, 'position')} shown by several slices, at ${placesText(lost)}; kept those acquired last, left out ${lost.length}`;
    checks.push(createCheck('duplicate-position', text, { files: pathsOf(lost) }));
  }
  const kept = different.flatMap((place) => place.at(-1) ?? []);
  checks.push(...interleavedPasses(kept));
  noteRepeatedUids(kept, checks);
  return kept;
}

/** Slices by their place along the normal, in order; within a place in order of acquisition. */
function groupPlaces(slices: readonly PlacedSlice[]): PlacedSlice[][] {
  if (slices.length === 0) return [];
  const stack = stackOf(slices);
  const places: PlacedSlice[][] = [];
  stack.slices.forEach((slice, i) => {
    const step = stack.normalStepsMm[i - 1] ?? Number.POSITIVE_INFINITY;
    if (step <= SAME_PLACE_MM) places.at(-1)?.push(slice);
    else places.push([slice]);
  });
  return places.map((place) => place.sort(compareAcquired));
}

function isCopy(a: PlacedSlice, b: PlacedSlice): boolean {
  return a.sopInstanceUid === b.sopInstanceUid && a.frame === b.frame && a.sopInstanceUid !== '';
}

function noteRepeatedUids(slices: readonly PlacedSlice[], checks: StudyCheck[]): void {
  const byUid = Map.groupBy(slices, (slice) => `${slice.sopInstanceUid} ${slice.frame}`);
  const repeated = [...byUid.values()].filter((group) => group.length > 1).flat();
  if (repeated.length === 0) return;
  const text = `${repeated.length} slices at different positions share SOP Instance UIDs, which name one slice each`;
  checks.push(createCheck('uid-repeated', text, { files: pathsOf(repeated) }));
}

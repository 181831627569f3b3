import type { Bleed } from '../bleeds/bleed.ts';
import { floorHeight, floorMm } from '../head/cranium.ts';
import type { HeadPlan } from '../head/head-plan.ts';
import { createPlace, KIND, type Place } from '../head/place.ts';
import { markTissue } from '../head/tissue.ts';
import type { ScanPlan } from './scan-plan.ts';

/** Slices are drawn with pixels of about this size and enlarged. */
const DRAWN_PIXEL_MM = 0.9;
/** Nothing of a head lies farther from its axis, mm. */
const HEAD_RADIUS_MM = 118;
/** Places within a pixel, as shares of its size and of the slice's thickness: the last two where the first differ. */
const SAMPLES = {
  across: [0.25, -0.25, -0.25, 0.25],
  down: [-0.25, 0.25, -0.25, 0.25],
  up: [-0.375, 0.125, -0.125, 0.375],
} as const;
/** Samples of one kind that differ by less are one tissue. */
const SAME_TISSUE_HU = 8;

/** A slice without noise, `side` pixels a side. */
export interface DrawnSlice {
  readonly side: number;
  readonly hu: Float32Array;
  /** By the index of the bleed, how much of each pixel it fills: 0 to 1. */
  readonly blood: ReadonlyMap<number, Float32Array>;
}

const drawnSide = (scan: ScanPlan): number => Math.round(scan.fieldOfViewMm / DRAWN_PIXEL_MM);

/** What is the same for all slices: where a pixel lies in the head, and the cranial floor under it. */
interface Columns {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly floorZ: Float32Array;
  readonly floorMm: Float32Array;
  readonly inHead: Uint8Array;
}

/** A head's slices without noise, inferior to superior. */
export function* drawHead(
  head: HeadPlan,
  scan: ScanPlan,
  bleeds: readonly Bleed[],
): Generator<DrawnSlice, void> {
  const columns = columnsOf(head, scan);
  for (let slice = 0; slice < scan.slices; slice++)
    yield drawSlice(head, scan, bleeds, columns, scan.lowestMm + slice * scan.sliceSpacingMm);
}

function columnsOf(head: HeadPlan, scan: ScanPlan): Columns {
  const side = drawnSide(scan);
  const turn = (scan.turnDegrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const step = scan.fieldOfViewMm / side;
  const empty = () => new Float32Array(side * side);
  const columns = {
    x: empty(),
    y: empty(),
    floorZ: empty(),
    floorMm: empty(),
    inHead: new Uint8Array(side * side),
  };
  for (let i = 0; i < side * side; i++) {
    const across = ((i % side) + 0.5 - side / 2) * step - scan.shiftMm.x;
    const down = (Math.floor(i / side) + 0.5 - side / 2) * step - scan.shiftMm.y;
    const [x, y] = [cos * across + sin * down, cos * down - sin * across];
    columns.x[i] = x;
    columns.y[i] = y;
    if (x * x + y * y > HEAD_RADIUS_MM ** 2) continue;
    columns.inHead[i] = 1;
    columns.floorZ[i] = floorHeight(head, x, y);
    columns.floorMm[i] = floorMm(head, x, y);
  }
  return columns;
}

function drawSlice(
  head: HeadPlan,
  scan: ScanPlan,
  bleeds: readonly Bleed[],
  columns: Columns,
  base: number,
): DrawnSlice {
  const side = drawnSide(scan);
  const step = scan.fieldOfViewMm / side;
  const slopes = slopesOf(scan);
  const hu = new Float32Array(side * side).fill(-1000);
  const blood = new Map<number, Float32Array>();
  const place = createPlace();
  const look = (i: number, sample: number): number => {
    place.x = (columns.x[i] as number) + (SAMPLES.across[sample] as number) * step;
    place.y = (columns.y[i] as number) + (SAMPLES.down[sample] as number) * step;
    const up = (SAMPLES.up[sample] as number) * scan.sliceThicknessMm;
    place.z = base + up + slopes.y * place.y + slopes.x * place.x;
    place.floorZ = columns.floorZ[i] as number;
    place.floorMm = columns.floorMm[i] as number;
    return markPlace(head, bleeds, place);
  };
  const bleedOfSample = new Int32Array(SAMPLES.up.length);
  for (let i = 0; i < hu.length; i++) {
    if (columns.inHead[i] !== 1) continue;
    bleedOfSample[0] = look(i, 0);
    let sum = place.hu;
    let count = 1;
    const kind = place.kind;
    const first = place.hu;
    let differ = false;
    while (count < 2 || (differ && count < SAMPLES.up.length)) {
      bleedOfSample[count] = look(i, count);
      differ ||= place.kind !== kind || Math.abs(place.hu - first) > SAME_TISSUE_HU;
      sum += place.hu;
      count++;
    }
    hu[i] = sum / count;
    for (let sample = 0; sample < count; sample++) {
      const bleed = bleedOfSample[sample] as number;
      if (bleed < 0) continue;
      const coverage = coverageOf(blood, bleed, hu.length);
      coverage[i] = (coverage[i] as number) + 1 / count;
    }
  }
  return { side, hu, blood };
}

/** How far z rises over a millimetre to the left and to the back. */
export function slopesOf(scan: ScanPlan): { readonly x: number; readonly y: number } {
  const slope = (degrees: number): number => Math.tan((degrees * Math.PI) / 180);
  return { x: slope(scan.leanDegrees), y: slope(scan.tiltDegrees) };
}

/** The bleed that fills the place, -1 for none; kind and HU are the tissue's or the blood's. */
export function markPlace(head: HeadPlan, bleeds: readonly Bleed[], place: Place): number {
  markTissue(head, place, bleeds);
  if (place.kind < KIND.grey) return -1;
  for (let i = 0; i < bleeds.length; i++) {
    const bleed = bleeds[i] as Bleed;
    if (bleed.holds(place)) {
      place.kind = KIND.blood;
      place.hu = bleed.hu + head.texture(place.x, place.y, place.z);
      return i;
    }
    place.hu -= bleed.oedemaHu(place);
  }
  return -1;
}

function coverageOf(blood: Map<number, Float32Array>, bleed: number, length: number): Float32Array {
  const found = blood.get(bleed) ?? new Float32Array(length);
  blood.set(bleed, found);
  return found;
}

import { at } from '../../base/index.ts';
import { sliceHu, type Volume } from '../../volume/index.ts';
import { createCheck, type StudyCheck } from '../checks/checks.ts';
import { middleOfTissue, type Place } from './head-test.ts';

/** When the skull's inner edge is blurred; published in docs/reading-studies.md. */
export const SKULL_EDGE = {
  rays: 48,
  stepMm: 0.25,
  /** So many slices are looked at, evenly over the series. */
  slicesLookedAt: 12,
  /** Bone is met between so far and so far from the middle, mm, and at least so thick. */
  fromMm: 30,
  toMm: 130,
  /** In slices clipped at 100 HU a blurred skull is no brighter. */
  boneHu: 75,
  thickMm: 1.5,
  /** Brain is what lies between so far and so far before the bone, mm; bone's own level the highest within so far behind its begin. */
  brainMm: [7.5, 20],
  boneMm: 15,
  /** The edge reaches from this share of the way from brain to bone to that one. */
  from: 0.25,
  to: 0.75,
  /** Of the rays, so many must have met an edge. */
  raysShare: 0.6,
  /** Slices are looked at whose ring is so wide against the widest: nearer to base and vertex the skull lies askew in its slice. */
  ringShare: 0.7,
  /**
   * The median over the slices is at most so wide, mm. Where no head moved it is 1 to 1.5 mm (57 patients, two heads of other
   * scanners, four phantoms); in the mean of four positions of a head 2.75 mm or more (12 of 12).
   */
  limitMm: 2.2,
  /** Or so many pixels, where they are large. */
  limitPixels: 1.5,
} as const;

/** Whether the skull's edges are blurred, as a head that moves during its scan leaves them. */
export function skullEdgeChecks(volume: Volume): StudyCheck[] {
  const { row, column } = volume.geometry.pixelSpacingMm;
  const limit = Math.max(SKULL_EDGE.limitMm, SKULL_EDGE.limitPixels * Math.max(row, column));
  const edges = skullEdges(volume);
  if (edges.length === 0) return [];
  const width = medianOf(Float32Array.from(edges, ({ edgeMm }) => edgeMm));
  if (width <= limit) return [];
  const slices = edges.filter(({ edgeMm }) => edgeMm > limit).map(({ slice }) => slice);
  const text = `the inner edge of the skull is blurred over ${width} mm, where ${limit.toFixed(1)} mm is the most of a sharp one: the head may have moved during the scan, and thin blood along the skull cannot be told from bone; look at the pictures before you trust the result`;
  return [createCheck('skull-blurred', text, { slices })];
}

interface SkullEdge {
  readonly slice: number;
  /** Half the width of the ring. */
  readonly radiusMm: number;
  /** How far the edge from brain to bone reaches, median over the rays. */
  readonly edgeMm: number;
}

/** The skull's inner edge on slices that show it well. */
function skullEdges(volume: Volume): SkullEdge[] {
  const every = Math.max(1, volume.slices / SKULL_EDGE.slicesLookedAt);
  const looked = Array.from({ length: Math.floor(volume.slices / every) }, (_, i) => Math.floor(i * every));
  const edges = looked.map((slice) => edgeOf(volume, slice));
  const found = edges.filter((edge) => edge !== undefined);
  const widest = Math.max(...found.map(({ radiusMm }) => radiusMm));
  return found.filter(({ radiusMm }) => radiusMm >= SKULL_EDGE.ringShare * widest);
}

function edgeOf(volume: Volume, slice: number): SkullEdge | undefined {
  const hu = sliceHu(volume, slice);
  const middle = middleOfTissue(hu, volume);
  if (middle === undefined) return undefined;
  const { rays, raysShare } = SKULL_EDGE;
  const met = Array.from({ length: rays }, (_, i) =>
    edgeAlong(profileOf(hu, volume, middle, (2 * Math.PI * i) / rays)),
  ).filter((edge) => edge !== undefined);
  if (met.length < raysShare * rays) return undefined;
  const mean = met.reduce((sum, { radiusMm }) => sum + radiusMm, 0) / met.length;
  return { slice, radiusMm: mean, edgeMm: medianOf(Float32Array.from(met, ({ widthMm }) => widthMm)) };
}

/** HU along a ray from the middle outwards, between pixels where it must be. */
function profileOf(hu: Int16Array, volume: Volume, { row, column }: Place, angle: number): Float32Array {
  const { rows, columns, geometry } = volume;
  const { row: rowMm, column: columnMm } = geometry.pixelSpacingMm;
  const down = (Math.sin(angle) * SKULL_EDGE.stepMm) / rowMm;
  const across = (Math.cos(angle) * SKULL_EDGE.stepMm) / columnMm;
  const profile = new Float32Array(stepsOf(SKULL_EDGE.toMm));
  for (let step = 0; step < profile.length; step++) {
    // Plainly, without tuples: some hundred thousand places a series
    const r = row + step * down;
    const c = column + step * across;
    const above = Math.floor(r);
    const left = Math.floor(c);
    if (above < 0 || left < 0 || above >= rows - 1 || left >= columns - 1) return profile.subarray(0, step);
    const i = above * columns + left;
    const upper = between(hu[i] ?? 0, hu[i + 1] ?? 0, c - left);
    const lower = between(hu[i + columns] ?? 0, hu[i + columns + 1] ?? 0, c - left);
    profile[step] = between(upper, lower, r - above);
  }
  return profile;
}

const between = (a: number, b: number, share: number): number => a + share * (b - a);

const stepsOf = (mm: number): number => Math.round(mm / SKULL_EDGE.stepMm);

function edgeAlong(profile: Float32Array): { radiusMm: number; widthMm: number } | undefined {
  const { stepMm, brainMm, boneMm, from, to } = SKULL_EDGE;
  const begin = beginOfBone(profile);
  if (begin === undefined) return undefined;
  const [nearest, farthest] = brainMm;
  const brain = medianOf(profile.subarray(begin - stepsOf(farthest), begin - stepsOf(nearest)));
  const bone = Math.max(...profile.subarray(begin, begin + stepsOf(boneMm)));
  if (bone <= brain) return undefined;
  const level = (share: number) => brain + share * (bone - brain);
  let end = begin;
  while (at(profile, end) < level(to)) end++;
  let start = end;
  while (start > 0 && at(profile, start) > level(from)) start--;
  return { radiusMm: begin * stepMm, widthMm: (end - start) * stepMm };
}

/** Steps to where the bone begins; undefined where none is met. */
function beginOfBone(profile: Float32Array): number | undefined {
  const thick = stepsOf(SKULL_EDGE.thickMm);
  for (let step = stepsOf(SKULL_EDGE.fromMm), run = 0; step < profile.length; step++) {
    run = (profile[step] ?? 0) >= SKULL_EDGE.boneHu ? run + 1 : 0;
    if (run === thick) return step + 1 - thick;
  }
  return undefined;
}

const medianOf = (values: Float32Array): number => at(values.slice().sort(), Math.floor(values.length / 2));

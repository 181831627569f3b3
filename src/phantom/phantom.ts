import {
  createRandom,
  HEMORRHAGE_SUBTYPE_NAMES,
  type HemorrhageLabels,
  type HemorrhageName,
  type HemorrhageSubtypeName,
  type Random,
} from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { MIMIC_NAMES, type MimicName, planHead } from './head/head-plan.ts';
import { countPixels, type Image } from './insertion/image.ts';
import { insertBleed } from './insertion/insert-bleed.ts';
import { DRAWN_SIDE, drawHead, type ScanPlan, scanSlice } from './scan/render.ts';

export interface PhantomOptions {
  readonly seed: number;
  /** The bleeds to put in; none gives a normal head. */
  readonly bleeds: readonly HemorrhageSubtypeName[];
  /** What imitates blood; none unless given. */
  readonly mimics?: readonly MimicName[];
  /** Rows and columns, default 512. */
  readonly side?: number;
}

/** A bleed that was put in. */
export interface PhantomBleed {
  readonly subtype: HemorrhageSubtypeName;
  readonly volumeMl: number;
  /** Slices on which it shows, from 0, inferior first. */
  readonly slices: readonly number[];
}

export interface Phantom {
  readonly seed: number;
  readonly volume: Volume;
  readonly bleeds: readonly PhantomBleed[];
  readonly slices: readonly HemorrhageLabels[];
  readonly subject: HemorrhageLabels;
  readonly mimics: readonly MimicName[];
  readonly scan: ScanPlan;
}

/** Tries at each bleed: a place may be outside of the brain. */
const TRIES = 40;

/** A synthetic head CT with known bleeds: the same options give the same numbers. */
export function createPhantom(options: PhantomOptions): Phantom {
  const random = createRandom(options.seed);
  const mimics = options.mimics ?? [];
  const head = planHead(random.fork('head'), new Set(mimics));
  const scan = planScan(random.fork('scan'), options.side ?? 512);
  const drawn = drawHead(head, scan);
  const bleeds = options.bleeds.flatMap((subtype, i) =>
    placeBleed(drawn, subtype, scan, random.fork(`bleed ${i}`)),
  );
  const noise = random.fork('noise');
  const hu = new Int16Array(scan.slices * scan.side ** 2);
  for (const [i, slice] of drawn.entries()) {
    const { data } = scanSlice(slice, scan, noise.fork(`slice ${i}`));
    hu.set(
      data.map((v) => Math.round(Math.max(-1024, v))),
      i * scan.side ** 2,
    );
  }
  const slices = Array.from({ length: scan.slices }, (_, i) =>
    labelsOf(bleeds.filter((b) => b.slices.includes(i))),
  );
  const volume = { hu, slices: scan.slices, rows: scan.side, columns: scan.side, geometry: geometryOf(scan) };
  return { seed: options.seed, volume, bleeds, slices, subject: labelsOf(bleeds), mimics, scan };
}

/** Mimics and bleeds for a head of a random sort: half of them bleed. */
export function drawFindings(random: Random): { bleeds: HemorrhageSubtypeName[]; mimics: MimicName[] } {
  const mimics = MIMIC_NAMES.filter(() => random.chance(0.25));
  if (random.chance(0.5)) return { bleeds: [], mimics };
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  return { bleeds: random.shuffle(HEMORRHAGE_SUBTYPE_NAMES).slice(0, count), mimics };
}

function planScan(random: Random, side: number): ScanPlan {
  const fieldOfViewMm = random.uniform(225, 250);
  return {
    slices: random.integer(27, 31),
    sliceSpacingMm: 5,
    side,
    fieldOfViewMm,
    turnDegrees: random.normal(0, 5),
    tiltDegrees: random.uniform(-6, 6),
    shiftMm: { x: random.normal(0, 4), y: random.normal(0, 4) },
    noiseHu: random.uniform(2.5, 4.5),
    kernelPixels: random.uniform(0.6, 1.1),
  };
}

/** Puts a bleed into the drawn slices, in place of what they showed. */
function placeBleed(
  drawn: Image[],
  subtype: HemorrhageSubtypeName,
  scan: ScanPlan,
  random: Random,
): PhantomBleed[] {
  const step = scan.fieldOfViewMm / DRAWN_SIDE;
  for (let i = 0; i < TRIES; i++) {
    const options = { subtype, sliceStepPixels: scan.sliceSpacingMm / step, random: random.fork(`try ${i}`) };
    const found = insertBleed(drawn, options);
    if (found === undefined) continue;
    let pixels = 0;
    for (const [slice, { hu, mask }] of found.changed) {
      drawn[slice] = hu;
      pixels += countPixels(mask);
    }
    const volumeMl = (pixels * step * step * scan.sliceSpacingMm) / 1000;
    return [{ subtype, volumeMl, slices: [...found.changed.keys()].sort((a, b) => a - b) }];
  }
  return [];
}

function labelsOf(bleeds: readonly PhantomBleed[]): HemorrhageLabels {
  const has = (name: HemorrhageName) =>
    name === 'anyHemorrhage' ? bleeds.length > 0 : bleeds.some((b) => b.subtype === name);
  const names: readonly HemorrhageName[] = ['anyHemorrhage', ...HEMORRHAGE_SUBTYPE_NAMES];
  return Object.freeze(Object.fromEntries(names.map((name) => [name, has(name)]))) as HemorrhageLabels;
}

function geometryOf(scan: ScanPlan): Volume['geometry'] {
  const step = scan.fieldOfViewMm / scan.side;
  const corner = -scan.fieldOfViewMm / 2 + step / 2;
  return {
    pixelSpacingMm: { row: step, column: step },
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    imagePositionsPatient: Array.from(
      { length: scan.slices },
      (_, i) => [corner, corner, i * scan.sliceSpacingMm] as const,
    ),
    sliceSpacingMm: scan.sliceSpacingMm,
    gantryTiltDegrees: 0,
    orientationKnown: true,
  };
}

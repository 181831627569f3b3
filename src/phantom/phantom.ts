import { createRandom, type HemorrhageLabels, type HemorrhageSubtypeName, ofClasses } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { maskSlice } from './bleed-mask.ts';
import type { BleedSettings } from './bleeds/bleed.ts';
import type { Scanner } from './cohort/cohort-settings.ts';
import { type MimicName, planHead } from './head/head-plan.ts';
import { placeBleed } from './place-bleeds.ts';
import { drawHead } from './scan/draw-head.ts';
import { ORDINARY_SCANNER, planScan, type ScanPlan } from './scan/scan-plan.ts';
import { scanField, scanSlice } from './scan/scan-slice.ts';

export interface PhantomOptions {
  readonly seed: number;
  /** The bleeds to put in; none gives a normal head. */
  readonly bleeds: readonly BleedSettings[];
  /** What imitates blood; none unless given. */
  readonly mimics?: readonly MimicName[];
  /** An ordinary one with slices of 5 mm unless given. */
  readonly scanner?: Scanner;
  /** Rows and columns, the scanner's unless given. */
  readonly side?: number;
}

/** A bleed that was put in. */
export interface PhantomBleed extends BleedSettings {
  /** Of its mask. */
  readonly measuredMl: number;
  /** Slices on which it shows, from 0, inferior first. */
  readonly slices: readonly number[];
}

export interface Phantom {
  readonly seed: number;
  readonly volume: Volume;
  /** As long as the volume's HU: 0, or the subtype's place in HEMORRHAGE_SUBTYPES from 1. */
  readonly mask: Uint8Array;
  readonly bleeds: readonly PhantomBleed[];
  readonly slices: readonly HemorrhageLabels[];
  readonly subject: HemorrhageLabels;
  readonly mimics: readonly MimicName[];
  readonly scan: ScanPlan;
}

/** A synthetic head CT with known bleeds: the same options give the same numbers. */
export function createPhantom(options: PhantomOptions): Phantom {
  const { seed, mimics = [], scanner = ORDINARY_SCANNER, side = scanner.side } = options;
  const random = createRandom(seed);
  const head = planHead(random.fork('head'), new Set(mimics));
  const scan = planScan(random.fork('scan'), { ...scanner, side });
  const bleeds = options.bleeds.map((settings, i) =>
    placeBleed(head, scan, settings, random.fork(`bleed ${i}`)),
  );
  const noise = random.fork('noise');
  const field = scanField(scan, noise);
  const area = side * side;
  const hu = new Int16Array(scan.slices * area);
  const mask = new Uint8Array(hu.length);
  const pixelsOfSlices: Map<number, number>[] = [];
  for (const drawn of drawHead(head, scan, bleeds)) {
    const slice = pixelsOfSlices.length;
    const [from, to] = [slice * area, (slice + 1) * area];
    scanSlice(drawn, scan, field, noise.fork(`slice ${slice}`), hu.subarray(from, to));
    pixelsOfSlices.push(maskSlice(drawn, scan, bleeds, mask.subarray(from, to)));
  }
  const voxelMl = ((scan.fieldOfViewMm / side) ** 2 * scan.sliceSpacingMm) / 1000;
  const found = options.bleeds.map((settings, i) => ({
    ...settings,
    measuredMl: voxelMl * pixelsOfSlices.reduce((sum, pixels) => sum + (pixels.get(i) ?? 0), 0),
    slices: pixelsOfSlices.flatMap((pixels, slice) => (pixels.has(i) ? [slice] : [])),
  }));
  const subtypesOn = (slice: number) => found.filter((b) => b.slices.includes(slice)).map((b) => b.subtype);
  return {
    seed,
    volume: { hu, slices: scan.slices, rows: side, columns: side, geometry: geometryOf(scan) },
    mask,
    bleeds: found,
    slices: pixelsOfSlices.map((_, slice) => labelsOf(subtypesOn(slice))),
    subject: labelsOf(found.filter((b) => b.slices.length > 0).map((b) => b.subtype)),
    mimics,
    scan,
  };
}

function labelsOf(subtypes: readonly HemorrhageSubtypeName[]): HemorrhageLabels {
  return Object.freeze(
    ofClasses((name) => (name === 'anyHemorrhage' ? subtypes.length > 0 : subtypes.includes(name))),
  );
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

import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageSubtypeName } from '../../src/base/index.ts';
import { createPhantom, ORDINARY_SCANNER, type Phantom } from '../../src/phantom/index.ts';
import { sliceHu, type Volume } from '../../src/volume/index.ts';
import { bloodiestSlices } from './bloodiest-slices.ts';

/** Seeds of the subtypes in their order start here, a thousand apart; fixed before the first trial, and they trained nothing. */
const FIRST_SEED = 881_000;
const SEEDS_APART = 1000;
/** Smaller bleeds are left out. */
const LEAST_ML = 0.5;
const SIDE = 256;
/** As soft kernels, thick slabs of thin slices and iterative reconstructions have it. */
const QUIET_SCANNER = { ...ORDINARY_SCANNER, noiseHu: [1, 1.4] } as const;

export interface OneBleedHead {
  readonly seed: number;
  readonly subtype: HemorrhageSubtypeName;
  readonly bleeding: Volume;
  /** Where the bleed is, [slices, rows, columns]; 0 elsewhere. */
  readonly mask: Uint8Array;
  /** The same head and scan without the bleed. */
  readonly healthy: Volume;
  /** The healthy head scanned with little noise. */
  quiet(): Volume;
  /** The healthy head with so many of the bleed's slices, the bloodiest side by side; undefined where it has not so many. */
  on(slices: number): Volume | undefined;
}

/** So many heads of each subtype with one bleed, a subtype after the other: the first ones are a smaller set. */
export function* oneBleedHeads(ofEach: number): Generator<OneBleedHead> {
  const seeds = HEMORRHAGE_SUBTYPE_NAMES.map((_, i) => FIRST_SEED + SEEDS_APART * i);
  for (let head = 0; head < ofEach; head++)
    for (const [i, subtype] of HEMORRHAGE_SUBTYPE_NAMES.entries()) {
      const { phantom, seed } = nextPhantom(subtype, seeds[i] ?? 0);
      seeds[i] = seed + 1;
      const healthy = createPhantom({ seed, side: SIDE, bleeds: [] }).volume;
      const on = (slices: number) => withSlices(healthy, phantom, slices);
      const quiet = () => createPhantom({ seed, side: SIDE, bleeds: [], scanner: QUIET_SCANNER }).volume;
      yield { seed, subtype, bleeding: phantom.volume, mask: phantom.mask, healthy, quiet, on };
    }
}

function nextPhantom(subtype: HemorrhageSubtypeName, from: number) {
  for (let seed = from; ; seed++) {
    const phantom = createPhantom({ seed, side: SIDE, bleeds: [{ subtype }] });
    if ((phantom.bleeds[0]?.measuredMl ?? 0) >= LEAST_ML) return { phantom, seed };
  }
}

function withSlices(healthy: Volume, { volume, mask }: Phantom, wanted: number): Volume | undefined {
  const area = volume.rows * volume.columns;
  const bloodOf = (slice: number): number => {
    const own = mask.subarray(slice * area, (slice + 1) * area);
    return own.reduce((sum, value) => sum + Math.sign(value), 0);
  };
  const run = bloodiestSlices(
    Array.from({ length: volume.slices }, (_, slice) => bloodOf(slice)),
    wanted,
  );
  if (run === undefined) return undefined;
  const hu = healthy.hu.slice();
  for (let slice = run.from; slice < run.to; slice++) hu.set(sliceHu(volume, slice), slice * area);
  return { ...healthy, hu };
}

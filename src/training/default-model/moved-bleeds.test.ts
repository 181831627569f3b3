import { expect, test } from 'vitest';
import { at, createRandom, type HemorrhageLabels } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import { withBloodOf } from './moved-bleeds.ts';
import type { MaskedSeries } from './prepared-series.ts';
import { copyPlans, donorsFor } from './series-copy.ts';

const [SIDE, SLICES, AREA] = [128, 9, 128 ** 2];
const [BLEEDING_SLICES, FLOOR_HU, BLOOD_HU] = [[3, 4, 5], -20, 70] as const;
const SUBDURAL = 3;

interface Head {
  readonly centre: number;
  readonly radius: number;
  readonly bleeds: boolean;
}

/** Round heads, brain of 35 HU; on some slices blood on the left of the brain. */
function seriesOf({ centre, radius, bleeds }: Head): MaskedSeries {
  const mask = new Uint8Array(SLICES * AREA);
  const hu = Float32Array.from({ length: SLICES * AREA }, (_, i) => {
    const [row, column] = [Math.floor((i % AREA) / SIDE), i % SIDE];
    const reach = Math.hypot(row - centre, column - centre);
    const blood = Math.hypot(row - centre, column - centre + radius / 2) < radius / 5;
    if (bleeds && blood && BLEEDING_SLICES.some((slice) => slice === Math.floor(i / AREA)))
      mask[i] = SUBDURAL;
    return reach > radius + 6 ? FLOOR_HU : reach > radius ? 100 : mask[i] === 0 ? 35 : BLOOD_HU;
  });
  const targets = Array.from({ length: SLICES }, (_, slice) =>
    Array.from({ length: 6 }, (_, c) =>
      Number(bleeds && BLEEDING_SLICES.includes(slice as 3) && (c === 0 || c === SUBDURAL)),
    ),
  );
  return { side: SIDE, slices: hu.map((value) => value - FLOOR_HU), targets, mask };
}
const donor = seriesOf({ centre: 60, radius: 48, bleeds: true });
const healthy = seriesOf({ centre: 66, radius: 36, bleeds: false });

test('blood lies where it lay in the brain, on either side, labelled on the slices that bear it', () => {
  const sides = new Set<string>();
  for (let seed = 0; seed < 12; seed++) {
    const { slices, targets, mask } = withBloodOf(healthy, donor, createRandom(seed));
    const blood = [...mask.keys()].filter((i) => mask[i] === SUBDURAL);
    const labelled = [...targets.keys()].filter((slice) => targets[slice]?.[0] === 1);
    expect(new Set(blood.map((i) => Math.floor(i / AREA)))).toEqual(new Set(labelled));
    expect(labelled.every((slice) => targets[slice]?.[SUBDURAL] === 1)).toBe(true);
    expect(labelled.length).toBeGreaterThan(0);
    const columns = blood.map((i) => i % SIDE);
    const middle = columns.reduce((a, b) => a + b, 0) / columns.length;
    expect(Math.abs(Math.abs(middle - 66) - 18)).toBeLessThan(2);
    sides.add(middle < 66 ? 'left' : 'right');
    const hu = blood.map((i) => at(slices, i) + FLOOR_HU);
    expect(Math.max(...hu)).toBeCloseTo(BLOOD_HU, 0);
  }
  expect(sides).toEqual(new Set(['left', 'right']));
});

test('the series itself and the donor stay as they were', () => {
  const bytesOf = ({ slices, mask }: MaskedSeries) => Buffer.concat([Buffer.from(slices.buffer), mask]);
  const before = [healthy, donor].map(bytesOf);
  withBloodOf(healthy, donor, createRandom(1));
  expect([healthy, donor].map((series, i) => before[i]?.equals(bytesOf(series)))).toEqual([true, true]);
});

test('a donor in whose boxes no blood was found gives none', () => {
  const bloodless = { ...donor, mask: new Uint8Array(donor.mask.length) };
  expect(withBloodOf(healthy, bloodless, createRandom(1))).toBe(healthy);
});

const study = (name: string, bleeds: boolean) =>
  ({
    study: name,
    source: 'ct-ich',
    subject: { anyHemorrhage: bleeds } as HemorrhageLabels,
    ...(bleeds && { boxes: [] }),
  }) as unknown as LabelledStudy;
const counts = { copies: 1, bleedingCopies: 0, movedCopies: 2, phantomCopies: 1 };
const patients = ['1', '2', '3', '4', '5', '6'].map((name) => study(name, true));
const copiesFor = (donors: readonly LabelledStudy[], head = study('9', false)): string[] =>
  copyPlans(head, counts, donorsFor(head, donors, createRandom(7))).map(({ name }) => name);

test('a fold that lacks a patient has no copy with its blood, and else the same copies', () => {
  const all = copiesFor(patients);
  expect(all).toHaveLength(3);
  const lacking = patients.filter((donor) => !all.includes(`blood-of-${donor.study}`));
  expect(
    copiesFor(lacking)
      .slice(1)
      .some((name) => all.includes(name)),
  ).toBe(false);
  const without = patients.filter((donor) => `blood-of-${donor.study}` !== all[1]);
  expect(copiesFor(without)[1]).toBe(all[2]);
});

test('patients who bleed themselves and phantoms bear no blood of others; without hemorrhage nobody gives any', () => {
  expect(copiesFor(patients, study('8', true))).toEqual(['copy-0']);
  const phantom = { ...study('7', false), source: 'phantom' } as LabelledStudy;
  expect(copiesFor(patients, phantom)).toEqual(['copy-0']);
  expect(copiesFor([study('5', false)])).toEqual(['copy-0']);
});

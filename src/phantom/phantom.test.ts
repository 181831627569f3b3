import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageSubtypeName } from '../base/index.ts';
import { cohortPhantoms } from './cohort/cohort-phantoms.ts';
import { readPhantomCohort } from './cohort/cohort-settings.ts';
import { createPhantom, type Phantom } from './phantom.ts';

const SIDE = 256;
const area = SIDE * SIDE;
const SIZES = {
  intraparenchymal: { volumeMl: 6 },
  intraventricular: { thicknessMm: 16 },
  subdural: { thicknessMm: 8 },
  epidural: { thicknessMm: 16 },
  subarachnoid: { thicknessMm: 2 },
} as const;

let healthy: Phantom;
const bleeding = {} as Record<HemorrhageSubtypeName, Phantom>;
beforeAll(() => {
  healthy = createPhantom({ seed: 9, bleeds: [], side: SIDE });
  for (const subtype of HEMORRHAGE_SUBTYPE_NAMES)
    bleeding[subtype] = createPhantom({
      seed: 9,
      bleeds: [{ subtype, hu: 62, ...SIZES[subtype] }],
      side: SIDE,
    });
}, 60_000);

/** Of the voxels of a bleed: HU with it, HU of the same head without, and mm to bone in the slice. */
function voxelsOf(subtype: HemorrhageSubtypeName) {
  const { mask, volume } = bleeding[subtype];
  const found: { hu: number; healthyHu: number; boneMm: number }[] = [];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    expect(mask[i]).toBe(1 + HEMORRHAGE_SUBTYPE_NAMES.indexOf(subtype));
    found.push({ hu: volume.hu[i] as number, healthyHu: healthy.volume.hu[i] as number, boneMm: boneMm(i) });
  }
  return found;
}

/** Distance in a slice to the nearest pixel of bone of the healthy head, along eight rays, mm. */
function boneMm(voxel: number): number {
  const start = voxel - (voxel % area);
  const stepMm = healthy.volume.geometry.pixelSpacingMm.row;
  let nearest = 99;
  for (const [down, across] of [
    [0, 1],
    [1, 0],
    [0, -1],
    [-1, 0],
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ] as const) {
    for (let k = 1; k * stepMm < 60; k++) {
      const i = voxel + k * (down * SIDE + across);
      if (i < start || i >= start + area) break;
      if ((healthy.volume.hu[i] as number) < 250) continue;
      nearest = Math.min(nearest, k * stepMm * Math.hypot(down, across));
      break;
    }
  }
  return nearest;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('each bleed lies in its compartment', () => {
  test('intraparenchymal: in brain, of the wished volume', () => {
    const voxels = voxelsOf('intraparenchymal');
    expect(median(voxels.map((v) => v.healthyHu))).toBeGreaterThan(22);
    expect(median(voxels.map((v) => v.healthyHu))).toBeLessThan(45);
    expect(bleeding.intraparenchymal.bleeds[0]?.measuredMl).toBeGreaterThan(4);
    expect(bleeding.intraparenchymal.bleeds[0]?.measuredMl).toBeLessThan(8);
  });

  test('intraventricular: where the healthy head has CSF, far from bone', () => {
    const voxels = voxelsOf('intraventricular');
    expect(median(voxels.map((v) => v.healthyHu))).toBeLessThan(20);
    expect(median(voxels.map((v) => v.boneMm))).toBeGreaterThan(20);
  });

  test.each(['subdural', 'epidural'] as const)('%s: along the skull, no thicker than wished', (subtype) => {
    const voxels = voxelsOf(subtype);
    const touching = voxels.filter((v) => v.boneMm < SIZES[subtype].thicknessMm + 3).length;
    expect(touching / voxels.length).toBeGreaterThan(0.9);
  });

  test('subarachnoid: sheets of 2 mm, wider only where they lie oblique to the slice', () => {
    const { mask, volume } = bleeding.subarachnoid;
    const reach = Math.ceil(4 / volume.geometry.pixelSpacingMm.row);
    const isWide = (i: number) =>
      [-reach, reach, -reach * SIDE, reach * SIDE].every((offset) => mask[i + offset] === 5);
    const blood = Array.from(mask.keys()).filter((i) => mask[i] === 5);
    expect(blood.length).toBeGreaterThan(100);
    expect(blood.filter(isWide).length / blood.length).toBeLessThan(0.02);
  });
});

test('a lens is short and thick, a crescent long and thin', () => {
  const areaOf = (subtype: 'subdural' | 'epidural') =>
    voxelsOf(subtype).filter((v) => v.boneMm < 3).length / SIZES[subtype].thicknessMm;
  expect(areaOf('subdural')).toBeGreaterThan(2 * areaOf('epidural'));
});

test.each(HEMORRHAGE_SUBTYPE_NAMES)('%s: fresh blood of 50 to 75 HU on average', (subtype) => {
  // Voxels at bone are partly bone, those of a thin sheet partly what lies beside it.
  const average = mean(voxelsOf(subtype).flatMap((v) => (v.boneMm > 2.5 ? v.hu : [])));
  expect(average).toBeGreaterThan(subtype === 'subarachnoid' ? 42 : 50);
  expect(average).toBeLessThan(75);
});

test('a normal head has no mask and no label; the same options give the same bytes', () => {
  expect(healthy.mask.some((value) => value !== 0)).toBe(false);
  expect(healthy.subject.anyHemorrhage).toBe(false);
  const again = createPhantom({ seed: 9, bleeds: [], side: SIDE });
  expect(Buffer.from(again.volume.hu.buffer).equals(Buffer.from(healthy.volume.hu.buffer))).toBe(true);
});

const readSettings = (name: string) => {
  const file = new URL(`../../models/phantom-${name}-cohort.json`, import.meta.url);
  return readPhantomCohort(readFileSync(file, 'utf8'), name);
};

describe('the committed cohorts', () => {
  const settings = readSettings('test');
  const phantoms = cohortPhantoms(settings);

  test('the test cohort is as large and as mixed as it has to be', () => {
    const bleeding = phantoms.filter((p) => p.bleeds.length > 0);
    const normal = phantoms.filter((p) => p.bleeds.length === 0);
    expect(phantoms.length).toBeGreaterThanOrEqual(200);
    expect(normal.filter((p) => p.mimics.length > 0).length).toBe(normal.length / 2);
    for (const subtype of HEMORRHAGE_SUBTYPE_NAMES)
      expect(
        bleeding.filter((p) => p.bleeds.some((b) => b.subtype === subtype)).length,
      ).toBeGreaterThanOrEqual(30);
    expect(median(phantoms.flatMap((p) => p.bleeds.flatMap((b) => b.volumeMl ?? [])))).toBeLessThanOrEqual(5);
    expect(settings.sizes.subarachnoidMm[1]).toBeLessThanOrEqual(2);
    expect(cohortPhantoms(settings)).toEqual(phantoms);
  });

  test('it shares no seed, model, kernel, size, thickness or spacing with the training cohort', () => {
    const training = readSettings('training');
    const facts = ({ scanners }: typeof training) =>
      scanners.flatMap((s) => [
        s.model,
        s.kernel.name,
        `${s.side} pixels`,
        `${s.sliceThicknessMm} mm`,
        `every ${s.sliceSpacingMm} mm`,
      ]);
    const known = new Set(facts(training));
    expect(facts(settings).filter((fact) => known.has(fact))).toEqual([]);
    expect(Math.abs(settings.firstSeed - training.firstSeed)).toBeGreaterThan(1_000_000);
  });

  test('settings of another form are refused with what is wrong', () => {
    expect(() => readPhantomCohort('{"name": "x"}', 'x.json')).toThrow(
      /^x\.json does not describe .*subjects: /,
    );
    expect(() => readPhantomCohort('{', 'x.json')).toThrow(/is not JSON/);
  });
});

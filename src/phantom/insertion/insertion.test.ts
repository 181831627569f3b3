import { describe, expect, test } from 'vitest';
import { createRandom, HEMORRHAGE_SUBTYPE_NAMES } from '../../base/index.ts';
import { addCalcifications } from './calcifications.ts';
import { addDarkAreas } from './dark-areas.ts';
import { countPixels, type Image, imageOf } from './image.ts';
import { insertBleed } from './insert-bleed.ts';
import { openSkull } from './skull-defect.ts';

const SIDE = 256;
const STEP = 6.5;

/** Round heads of bone, grey matter and ventricles, with noise. */
function head(seed = 1, side = SIDE): Image[] {
  const random = createRandom(seed);
  const coarse = (i: number) => Math.floor(((i + 0.5) * SIDE) / side);
  return Array.from({ length: 8 }, () =>
    imageOf({ rows: side, columns: side }, (i) => {
      const place = coarse(Math.floor(i / side)) * SIDE + coarse(i % side);
      return tissueHu(place) + 3 * random.normal();
    }),
  );
}

function tissueHu(i: number): number {
  const [down, across] = [Math.floor(i / SIDE) - SIDE / 2, (i % SIDE) - SIDE / 2];
  const radius = Math.hypot(down, across);
  if (radius > 105) return -20;
  if (radius > 97) return 100;
  if (Math.hypot(down / 2, Math.abs(across) - 10) < 8) return 8;
  return radius > 92 ? 14 : 35;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe.each(HEMORRHAGE_SUBTYPE_NAMES)('an inserted %s bleed', (subtype) => {
  const slices = head();
  const insertions = [1, 2, 3].map((seed) =>
    insertBleed(slices, { subtype, sliceStepPixels: STEP, random: createRandom(seed) }),
  );
  const found = insertions.flatMap((insertion) => (insertion === undefined ? [] : [...insertion.changed]));

  test('finds a place, whatever the seed', () => {
    expect(insertions.filter((insertion) => insertion !== undefined)).toHaveLength(3);
    expect(found.length).toBeGreaterThanOrEqual(3);
  });

  test('is brighter than what it replaces, and leaves bone and air alone', () => {
    for (const [slice, { hu, mask }] of found) {
      const before = (slices[slice] as Image).data;
      const blood = [...before.keys()].filter((i) => mask.data[i] === 1);
      expect(mean(blood.map((i) => (hu.data[i] as number) - (before[i] as number)))).toBeGreaterThan(8);
      expect(changedPlaces(before, hu.data).has('outside the brain')).toBe(false);
    }
  });
});

test.each(['epidural', 'subdural'] as const)(
  'an inserted %s bleed is as large on finer slices',
  (subtype) => {
    const largestShare = (side: number, seed: number): number => {
      const options = { subtype, sliceStepPixels: (STEP * side) / SIDE, random: createRandom(seed) };
      const insertion = insertBleed(head(1, side), options);
      const shares = [...(insertion?.changed.values() ?? [])].map(
        ({ mask }) => countPixels(mask) / side ** 2,
      );
      return Math.max(...shares);
    };
    for (const seed of [1, 2, 3]) {
      const ratio = largestShare(320, seed) / largestShare(SIDE, seed);
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    }
  },
);

/** Where in the head pixels differ. */
function changedPlaces(before: Float32Array, after: Float32Array): Set<string> {
  const places = new Set<string>();
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue;
    const tissue = tissueHu(i);
    places.add(tissue === 100 || tissue === -20 ? 'outside the brain' : 'brain');
  }
  return places;
}

describe('dark areas', () => {
  test.each([1, 2, 3])('darken brain, but no bone, no air and no blood (seed %i)', (seed) => {
    const slices = head();
    const isBlood = (i: number) => Math.hypot(Math.floor(i / SIDE) - 90, (i % SIDE) - 170) < 12;
    slices[4] = imageOf(slices[4] as Image, (i) => (isBlood(i) ? 70 : (slices[4]?.data[i] as number)));
    const darkened = addDarkAreas(slices, { sliceStepPixels: STEP, random: createRandom(seed) });
    const places = slices.map(({ data }, s) => changedPlaces(data, darkened[s]?.data as Float32Array));
    expect(new Set(places.flatMap((set) => [...set]))).toEqual(new Set(['brain']));
    const gained = slices.map(({ data }, s) =>
      Math.max(...data.map((v, i) => (darkened[s]?.data[i] as number) - v)),
    );
    expect(Math.max(...gained)).toBe(0);
    const blood = [...(slices[4] as Image).data.keys()].filter(isBlood);
    expect(mean(blood.map((i) => darkened[4]?.data[i] as number))).toBeGreaterThan(67);
  });

  test('come from the seed alone', () => {
    const draw = () => addDarkAreas(head(), { sliceStepPixels: STEP, random: createRandom(3) });
    expect(draw()[4]?.data).toEqual(draw()[4]?.data);
  });
});

describe('calcifications', () => {
  const added = [1, 2, 3, 4].map((seed) => {
    const slices = head();
    return {
      slices,
      calcified: addCalcifications(slices, { sliceStepPixels: STEP, random: createRandom(seed) }),
    };
  });
  const pixels = added.length * 8 * SIDE ** 2;
  const gains = added
    .flatMap(({ slices, calcified }) =>
      slices.flatMap(({ data }, s) => [...data.map((v, i) => (calcified[s]?.data[i] as number) - v)]),
    )
    .filter((gain) => gain !== 0);

  test('brighten a small part of the brain alone, up to above blood', () => {
    for (const { slices, calcified } of added) {
      const places = slices.map(({ data }, s) => changedPlaces(data, calcified[s]?.data as Float32Array));
      expect(new Set(places.flatMap((set) => [...set]))).toEqual(new Set(['brain']));
    }
    expect(Math.min(...gains)).toBeGreaterThan(0);
    expect(Math.max(...gains)).toBeGreaterThan(65);
    expect(gains.length / pixels).toBeLessThan(0.002);
  });

  test('come from the seed alone', () => {
    const draw = () => addCalcifications(head(), { sliceStepPixels: STEP, random: createRandom(3) });
    expect(draw().map(({ data }) => data)).toEqual(draw().map(({ data }) => data));
  });
});

describe('an open skull', () => {
  const heads = [1, 2, 3, 4, 5, 6].map((seed) => {
    const slices = head();
    return { slices, open: openSkull(slices, { sliceStepPixels: STEP, random: createRandom(seed) }) };
  });
  const pixels = heads.flatMap(({ slices, open }) =>
    slices.flatMap(({ data }, s) =>
      [...data].map((before, i) => ({ i, before, after: open[s]?.data[i] as number })),
    ),
  );
  const changed = pixels.filter(({ before, after }) => before !== after);

  test('has soft tissue where bone was, and no air or brain becomes brighter', () => {
    const bone = changed.filter(({ i }) => tissueHu(i) === 100);
    expect(bone.length).toBeGreaterThan(200);
    const lowest = Math.min(...bone.map(({ after }) => after));
    expect(lowest).toBeGreaterThan(-10);
    expect(changed.every(({ before, after }) => after < before)).toBe(true);
    expect(changed.some(({ i }) => tissueHu(i) === -20)).toBe(false);
  });

  test('is of every size from a burr hole on, and of the seed alone', () => {
    const sizes = heads.map(
      ({ slices, open }) =>
        slices.filter(({ data }, s) => data.some((v, i) => v !== open[s]?.data[i])).length,
    );
    expect(Math.min(...sizes)).toBeLessThan(5);
    expect(Math.max(...sizes)).toBeGreaterThan(5);
    const draw = () => openSkull(head(), { sliceStepPixels: STEP, random: createRandom(3) });
    expect(draw().map(({ data }) => data)).toEqual(draw().map(({ data }) => data));
  });

  test('is drawn nowhere where no slice shows a brain', () => {
    const air = [imageOf({ rows: SIDE, columns: SIDE }, () => -1000)];
    expect(openSkull(air, { sliceStepPixels: STEP, random: createRandom(1) })).toEqual(air);
  });
});

import { expect, test } from 'vitest';
import { huChecks } from './plausible-hu.ts';

/** 1,000 values: so many of each. */
const mixed = (...parts: readonly (readonly [value: number, count: number])[]) =>
  Int16Array.from(parts.flatMap(([value, count]) => Array.from({ length: count }, () => value)));

test.each<[string, Int16Array, RegExp]>([
  ['HU + 1000 with noise', mixed([-30, 100], [0, 500], [1030, 300], [1924, 100]), /lowest value is -30/],
  ['HU + 1024', mixed([24, 500], [1054, 300], [1924, 200]), /lowest value is 24/],
  [
    'HU + 1024, padding named',
    mixed([-1000, 200], [24, 300], [1054, 300], [1924, 200]),
    /62.5% of what is not air lies above 900/,
  ],
  ['HU + 1024, padding not named', mixed([-2000, 200], [24, 300], [1054, 500]), /62.5% of what/],
  ['HU - 1024', mixed([-2024, 500], [-994, 300], [-124, 200]), /0.0% of its values lie at -20 to 120/],
  ['eight bits', mixed([0, 500], [128, 300], [255, 200]), /lowest value is 0/],
  ['eight bits, padded', mixed([-1000, 500], [0, 100], [128, 200], [255, 200]), /from 0 to 255/],
  ['HU times ten', mixed([-10000, 500], [330, 300], [9000, 200]), /0.0% of its values/],
])('%s: no HU', (_, hu, text) => {
  const [check] = huChecks(hu);
  expect(check).toMatchObject({ code: 'not-hu', severity: 'refused' });
  expect(check?.text).toMatch(text);
});

test.each<[string, Int16Array, RegExp]>([
  ['half the slope', mixed([-512, 500], [16, 300], [500, 200]), /^0.0% .* the lowest is -512/],
  ['twice the slope', mixed([-2000, 500], [66, 300], [1800, 200]), /the lowest is -2000/],
  ['clipped', mixed([-300, 500], [33, 300], [300, 200]), /the lowest is -300: the slope may be wrong, or/],
])('%s: air is elsewhere', (_, hu, text) => {
  const [check] = huChecks(hu);
  expect(check).toMatchObject({ code: 'air-elsewhere', severity: 'warned' });
  expect(check?.text).toMatch(text);
});

test.each<[string, Int16Array]>([
  ['a head', mixed([-1000, 500], [33, 300], [900, 200])],
  ['much padding, a small head', mixed([-1000, 985], [33, 10], [900, 5])],
  ['much metal', mixed([-1000, 500], [33, 320], [3071, 180])],
  ['air below -1000', mixed([-1024, 300], [-3024, 200], [33, 300], [1500, 200])],
])('%s: HU', (_, hu) => {
  expect(huChecks(hu)).toEqual([]);
});

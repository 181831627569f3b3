import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  CHECKS,
  GEOMETRY_RULES,
  HEAD_RING,
  MINIMUM_SLICES,
  ODD_SLICE,
  PLAUSIBLE_HU,
  PREFERENCES,
  SERIES_RULES,
  SERIES_RULES_MM,
  SKULL_EDGE,
} from '../src/study/index.ts';

const page = await readFile(new URL('../docs/reading-studies.md', import.meta.url), 'utf8');

test('the page lists every check with its severity and meaning, and no other', () => {
  const rows = Object.entries(CHECKS).map(
    ([code, [severity, meaning]]) => `| \`${code}\` | ${severity} | ${meaning} |`,
  );
  expect(page.slice(page.indexOf('## Every check')).match(/^\| `.*$/gm)).toEqual(rows);
});

test('the page lists the rules and preferences in their order', () => {
  const rules = SERIES_RULES.map(
    (rule) => `| \`${rule.code}\` | ${rule.looksAt} | ${rule.overridable ? 'yes' : 'no'} |`,
  );
  expect(page).toContain(rules.join('\n'));
  expect(page).toContain(PREFERENCES.map(({ name }, i) => `${i + 1}. ${name}`).join('\n'));
});

test('the numbers in its text are the rules', () => {
  const text = page.replace(/\s+/g, ' ');
  const { smallestFieldMm, largestFieldMm, thinnestMm, thickestMm, axialDegrees } = SERIES_RULES_MM;
  for (const phrase of [
    `field of view of ${smallestFieldMm} to ${largestFieldMm} mm and slices ${thinnestMm} to ${thickestMm} mm thick`,
    `lean up to ${axialDegrees} degrees from axial; at least ${MINIMUM_SLICES} slices`,
    `more than ${GEOMETRY_RULES.missingSliceFactor} times the usual one`,
    `Up to ${GEOMETRY_RULES.largestGapMm} mm of tissue in one place and ${GEOMETRY_RULES.largestGapShare * 100}% altogether`,
    `at least ${HEAD_RING.slicesShare * 100}% of twelve slices`,
    `${HEAD_RING.boneShare * 100}% of ${HEAD_RING.rays} rays`,
    `within ${HEAD_RING.smallestRadiusMm} to ${HEAD_RING.largestRadiusMm} mm, with ${HEAD_RING.softShare * 100}% brain`,
    `padding apart, they span ${PLAUSIBLE_HU.smallestSpan} HU or more; at most ${PLAUSIBLE_HU.largestDenseShare * 100}% of what is above ${PLAUSIBLE_HU.tissueAbove} HU (no air) is above ${PLAUSIBLE_HU.denseAbove} HU`,
    `at least ${PLAUSIBLE_HU.smallestSoftShare * 100}% of all values are brain, CSF or blood (${PLAUSIBLE_HU.soft.from} to ${PLAUSIBLE_HU.soft.to} HU)`,
    `less than ${PLAUSIBLE_HU.smallestAirShare * 100}% of all values lie at ${PLAUSIBLE_HU.air.from} to ${PLAUSIBLE_HU.air.to} HU`,
    `by ${ODD_SLICE.excess} of the correlation of ${ODD_SLICE.side} x ${ODD_SLICE.side} pictures at ${ODD_SLICE.from} to ${ODD_SLICE.to} HU`,
    `from ${SKULL_EDGE.from * 100}% to ${SKULL_EDGE.to * 100}% of the way from brain to bone along ${SKULL_EDGE.rays} rays, reaches over more than ${SKULL_EDGE.limitMm} mm (or ${SKULL_EDGE.limitPixels} pixels), the median of up to ${SKULL_EDGE.slicesLookedAt} slices`,
  ]) {
    expect(text).toContain(phrase);
  }
});

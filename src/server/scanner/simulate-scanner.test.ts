import { expect, test } from 'vitest';
import { planStudies, USUAL_SCANNER } from './simulate-scanner.ts';

const plan = { ...USUAL_SCANNER, studies: 200, positive: 0.1, emergency: 0.25 };

test('shares are met exactly, independent of each other, and no study comes twice', () => {
  const studies = planStudies(plan);
  expect(studies.filter(({ bleeds }) => bleeds)).toHaveLength(20);
  expect(studies.filter(({ urgent }) => urgent)).toHaveLength(50);
  expect(new Set(studies.map(({ seed }) => seed)).size).toBe(200);
  const both = studies.filter(({ bleeds, urgent }) => bleeds && urgent).length;
  expect(both).toBeGreaterThan(0);
  expect(both).toBeLessThan(20);
});

test('the same seed plans the same studies, another one none of them', () => {
  expect(planStudies(plan)).toEqual(planStudies(plan));
  const others = new Set(planStudies({ ...plan, seed: 2 }).map(({ seed }) => seed));
  expect(planStudies(plan).some(({ seed }) => others.has(seed))).toBe(false);
});

import { expect, it } from 'vitest';
import { holm } from './holm.ts';

it("gives what R's p.adjust(c(0.04, 0.01, 0.03, 0.8), 'holm') gives", () => {
  const adjusted = holm([0.04, 0.01, 0.03, 0.8]);
  for (const [k, p] of [0.09, 0.04, 0.09, 0.8].entries()) expect(adjusted[k]).toBeCloseTo(p, 12);
});

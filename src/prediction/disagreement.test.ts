import { expect, test } from 'vitest';
import { disagreementOf } from './disagreement.ts';
import type { Findings } from './findings.ts';

const findings = (subject: number, slices: readonly (number | undefined)[]): Findings => ({
  subject: { anyHemorrhage: subject },
  positive: subject >= 0.5,
  operatingPoint: 0.5,
  subtypeThreshold: 0.5,
  slices: slices.map((anyHemorrhage) => (anyHemorrhage === undefined ? {} : { anyHemorrhage })),
  heatMaps: {},
  frame: { rowStart: 0, rowSize: 1, columnStart: 0, columnSize: 1 },
});

test.each([
  ['slices above a subject below', 0.48, [0.1, 0.99, 0.5, 0.49], { kind: 'slices-above', slices: [1, 2] }],
  [
    'a subject above slices below',
    0.5,
    [0.3, 0.1, 0.45, 0.2, 0.49],
    { kind: 'subject-above', slices: [0, 2, 4] },
  ],
  ['fewer slices than are named', 0.9, [0.2, 0.4], { kind: 'subject-above', slices: [0, 1] }],
  ['both above', 0.5, [0.1, 0.5], undefined],
  ['both below', 0.49, [0.1, 0.49], undefined],
  ['a model that says nothing of slices', 0.9, [undefined, undefined], undefined],
  ['a model without slice heads', 0.9, [], undefined],
])('%s', (_, subject, slices, expected) => {
  expect(disagreementOf(findings(subject, slices))).toEqual(expected);
});

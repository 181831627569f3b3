import { expect, test } from 'vitest';
import { operatingPointOf, triagePointOf } from './operating-points.ts';

const balanced = {
  name: 'balanced',
  probability: 0.5,
  chosen: 'as calibrated',
  measured: [{ on: '57 patients', found: { right: 16, of: 24 }, negative: { right: 32, of: 33 } }],
};
const triage = {
  name: 'triage',
  probability: 0.1,
  chosen: 'for sensitivity',
  measured: [{ on: 'bleeding patients alone', found: { right: 58, of: 60 } }],
};
const card = { name: 'a model', operatingPoint: 0.5, operatingPoints: [balanced, triage] };

test.each([
  [undefined, 'balanced', 0.5],
  ['balanced', 'balanced', 0.5],
  ['triage', 'triage', 0.1],
  [0.1, 'triage', 0.1],
  [0.3, undefined, 0.3],
])('asked for %s: %s from %s on', (asked, name, probability) => {
  expect(operatingPointOf(card, asked)).toMatchObject({ probability, ...(name && { name }) });
  expect(operatingPointOf(card, asked).name).toBe(name);
});

test('says what a point misses, and nothing of healthy subjects where none was measured', () => {
  expect(operatingPointOf(card).misses).toBe(
    'Measured at it: 8 of 24 subjects with hemorrhage missed, 1 of 33 without called positive (57 patients).',
  );
  expect(operatingPointOf(card, 'triage').misses).toBe(
    'Measured at it: 2 of 60 subjects with hemorrhage missed (bleeding patients alone).',
  );
});

test('a service takes triage where the model has it, unless configured', () => {
  expect(triagePointOf(card)).toBe('triage');
  expect(triagePointOf(card, 'balanced')).toBe('balanced');
  expect(triagePointOf(card, 0)).toBe(0);
  expect(triagePointOf({ name: 'plain', operatingPoint: 0.4 })).toBeUndefined();
});

test('an unknown name is refused with those that the model has', () => {
  expect(() => operatingPointOf(card, 'screening')).toThrow(
    'the model a model has no operating point "screening", it has balanced (0.5), triage (0.1): give one of these or a probability from 0 to 1',
  );
  expect(() => operatingPointOf({ name: 'plain', operatingPoint: 0.4 }, 'triage')).toThrow(
    'the model plain has no operating point "triage", it has none with a name, and 0.4 by default',
  );
});

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readModel } from '../network/index.ts';
import { figuresAt, modelSummary } from './model-summary.ts';

test('the figures of the point that speaks are given, with its name, and no others', async () => {
  const { card } = readModel(await readFile('models/default.onnx'), 'models/default.onnx');
  const { figures } = modelSummary(card);
  const triage = card.operatingPoints?.find(({ name }) => name === 'triage');
  const at = (operatingPoint: number) =>
    figuresAt(figures, { operatingPoint }).map(({ label, value }) => [label, value]);
  // The intervals by sums of binomial probabilities in Python: 0.6764 to 0.9734, 0.4214 to 0.7709
  expect(at(triage?.probability ?? Number.NaN)).toEqual([
    [
      'Any intracranial hemorrhage, subject sensitivity at 0.00162 (triage)',
      '0.88 (0.68 to 0.97), 21 of 24 subjects with hemorrhage',
    ],
    [
      'Any intracranial hemorrhage, subject specificity at 0.00162 (triage)',
      '0.61 (0.42 to 0.77), 20 of 33 subjects without hemorrhage',
    ],
  ]);
  expect(at(0.5)).toHaveLength(2);
  expect(at(0.5)[0]?.[0]).toBe('Any intracranial hemorrhage, subject sensitivity at 0.5');
  expect(at(0.3)).toEqual([]);
});

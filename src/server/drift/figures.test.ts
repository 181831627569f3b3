import { expect, test } from 'vitest';
import { figuresOf } from './figures.ts';

const study = (kernel: string, headHu?: number) => ({
  ...{ study: '1.2', endedAt: '2026-01-01T00:00:00Z', kernel },
  ...(headHu !== undefined && { headHu }),
});
const figure = (name: string, ...sides: Parameters<typeof figuresOf>) =>
  figuresOf(...sides).find((one) => one.name === name);

test('numbers of both sides lie in the same bins, as shares', () => {
  const found = figure('head-hu', [study('A', 30), study('A', 30), study('A', 42)], [study('A', 41)]);
  expect(found?.labels).toEqual(['30', '31', '32', '33', '34', '35', '36', '37', '38', '39', '40', '41']);
  expect(found?.reference).toEqual([2 / 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 / 3]);
  expect(found?.recent).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test('kinds stand by how often they occur; the rarest are taken together', () => {
  const kinds = ['A', 'A', 'A', 'B', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'];
  const found = figure(
    'kernel',
    kinds.map((kind) => study(kind)),
    [study('I'), study('B')],
  );
  expect(found?.labels.slice(0, 2)).toEqual(['A', 'B']);
  expect(found?.labels).toHaveLength(8);
  expect(found?.labels.at(-1)).toBe('others');
  expect(found?.reference.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(found?.recent[1]).toBe(0.5);
});

test('a stream without values is empty', () => {
  expect(figure('head-hu', [study('A')], [])?.reference).toEqual(new Array(12).fill(0));
});

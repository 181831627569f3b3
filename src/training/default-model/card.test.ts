import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readModel } from '../../network/index.ts';
import { defaultCard } from './card.ts';
import { DEFAULT_RECIPE } from './recipe.ts';

const models = new URL('../../../models/', import.meta.url);
const bundled = await readFile(new URL('default.onnx', models));
const record = async (name: string) => JSON.parse(await readFile(new URL(name, models), 'utf8'));

test('the bundled model and its cross-validation name the recipe in the meaning of today', async () => {
  expect(readModel(bundled, 'models/default.onnx').card.training).toMatchObject({ recipe: DEFAULT_RECIPE });
  expect((await record('cross-validation.json')).recipe).toEqual(DEFAULT_RECIPE);
});

test('a recipe that departs further from the paper says so', () => {
  const { recurrent } = DEFAULT_RECIPE;
  const shares = { ...recurrent.shares, quiet: 0.1 };
  const further = { ...recurrent, subjectReads: 'meanAndSurestSlice', shares } as const;
  const [own, others] = [DEFAULT_RECIPE, { ...DEFAULT_RECIPE, recurrent: further }].map((recipe) =>
    defaultCard(recipe, [], 1, []),
  );
  const added = others?.differencesFromPaper.slice(own?.differencesFromPaper.length);
  expect(added).toEqual([expect.stringContaining('surest slice'), expect.stringContaining('little noise')]);
  expect(others?.network.subjectReads).toBe('meanAndSurestSlice');
  expect(own?.network).not.toHaveProperty('subjectReads');
});

test('the phantom test cohort was judged with the bundled weights', async () => {
  const { modelSha256 } = await record('phantom-test-results.json');
  expect(createHash('sha256').update(bundled).digest('hex')).toBe(modelSha256);
});

test('the bundled figures, sensitivity and specificity at 0.5 among them, come from the cross-validation', async () => {
  const { figures, seeds, operatingPoints } = await record('cross-validation.json');
  const { card } = readModel(bundled, 'models/default.onnx');
  const { operatingPoints: points = [], ...rest } = card;
  const { operatingPoints: _, ...expected } = defaultCard(DEFAULT_RECIPE, figures, seeds.length, []);
  expect(rest).toEqual(expected);
  expect(points.map(({ measured: [outOfFold], ...point }) => ({ ...point, measured: [outOfFold] }))).toEqual(
    operatingPoints,
  );
});

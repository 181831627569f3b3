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

test('a recipe that departs less from the paper says less', () => {
  const { slabMm: _, recurrent, warmUp, ...rest } = DEFAULT_RECIPE;
  const { subjectReads: __, shares, ...parts } = recurrent;
  const { quiet: ___, ...ordinary } = shares;
  const less = { ...rest, warmUp: { ...warmUp, quiet: 0 }, recurrent: { ...parts, shares: ordinary } };
  const [own, others] = [DEFAULT_RECIPE, less].map((recipe) => defaultCard(recipe, [], 1, []));
  const added = own?.differencesFromPaper.slice(others?.differencesFromPaper.length);
  expect(added).toEqual(
    ['surest slice', 'little noise', 'slabs'].map((said) => expect.stringContaining(said)),
  );
  expect(own?.network).toMatchObject({ subjectReads: 'meanAndSurestSlice', slabMm: 5 });
  expect(others?.network).not.toHaveProperty('subjectReads');
  expect(others?.network).not.toHaveProperty('slabMm');
});

test("a recipe whose slices hear the CNN's own head says so", () => {
  const { recurrent } = DEFAULT_RECIPE;
  const card = defaultCard(
    { ...DEFAULT_RECIPE, recurrent: { ...recurrent, sliceReads: 'recurrentAndCnn' } },
    [],
    1,
    [],
  );
  expect(card.network).toMatchObject({ sliceReads: 'recurrentAndCnn' });
  expect(card.differencesFromPaper).toContainEqual(expect.stringContaining("the CNN's own"));
});

test('a recipe of finer images with one CNN says so', () => {
  const finer = defaultCard({ ...DEFAULT_RECIPE, imageSide: 320, warmUps: 1 }, [], 1, []);
  expect(finer.network).toMatchObject({ imageSide: 320 });
  const text = finer.differencesFromPaper.join('\n');
  expect(text).toContain('The CNN sees 320 x 320 pixels, with maps of 20 x 20');
  expect(text).toContain('the 20 x 20 cells of its last maps');
  expect(text).toContain('The two-type recurrent part is the mean of 4 on series drawn anew');
  expect(text).not.toContain('The CNN is the mean');
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

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, floatsOf, HEMORRHAGE_CLASSES, type Runtime } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import {
  CNN_PLANS,
  convolutionsOf,
  exportModel,
  foldNormalisation,
  MODEL_PORTS,
  readModel,
  type Weights,
  weightShape,
} from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import type { Volume } from '../../volume/index.ts';
import { floatTensor } from '../common/feeds.ts';
import { createPreparation } from '../preparation.ts';
import { defaultCard } from './card.ts';
import { createFrozenMaps } from './frozen-maps.ts';
import { createMapStore } from './map-store.ts';
import { DEFAULT_RECIPE, networkOf, type Recipe } from './recipe.ts';
import { createJudge, networkWeights, trainRun } from './run.ts';
import { copyPlans } from './series-copy.ts';

const SLICES = 3;
const SIDE = 200;

/** Some steps of every stage. */
function shortRecipe(imageSide: number): Recipe {
  const { slabMm: _, ...recipe } = DEFAULT_RECIPE;
  return {
    ...recipe,
    imageSide,
    copies: 2,
    bleedingCopies: 1,
    warmUps: 1,
    warmUp: { ...recipe.warmUp, steps: 2, batch: 4, real: 1, inserted: 1, phantoms: 0, quiet: 0 },
    recurrent: {
      ...recipe.recurrent,
      twoType: { ...recipe.recurrent.twoType, steps: 2, runs: 1 },
      fiveType: { ...recipe.recurrent.fiveType, steps: 2 },
    },
  };
}

/** A ring of bone around noisy brain, with a clot in the middle slice or without. */
function headOf(seed: number, bleeds: boolean): Volume {
  const random = createRandom(seed);
  const hu = Int16Array.from({ length: SLICES * SIDE ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
    const radius = Math.hypot(row - 105, column - 95);
    if (radius > 80) return -1000;
    if (radius > 72) return 1000;
    const isClot = bleeds && Math.floor(i / SIDE ** 2) === 1 && Math.hypot(row - 90, column - 70) < 15;
    return Math.round(random.normal(isClot ? 70 : 35, 5));
  });
  return {
    hu,
    slices: SLICES,
    rows: SIDE,
    columns: SIDE,
    geometry: {
      pixelSpacingMm: { row: 1, column: 1 },
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      imagePositionsPatient: Array.from({ length: SLICES }, (_, i) => [0, 0, 5 * i] as const),
      sliceSpacingMm: 5,
      gantryTiltDegrees: 0,
      orientationKnown: true,
    },
  };
}

function studyOf(name: string, bleeds: boolean): { volume: Volume; study: LabelledStudy } {
  const volume = headOf(name.length, bleeds);
  const labels = (here: boolean) =>
    Object.fromEntries(
      HEMORRHAGE_CLASSES.map((one) => [one.name, here && /anyHemorrhage|intraparenchymal/.test(one.name)]),
    );
  const slices = Array.from({ length: SLICES }, (_, i) => labels(bleeds && i === 1));
  const about = { source: 'own', study: name, patient: name, subject: labels(bleeds), slices };
  return { volume, study: { ...about, load: async () => volume } as unknown as LabelledStudy };
}

/** Drawn weights with batch normalisation that changes nothing. */
function drawnStart(): Weights {
  const random = createRandom(4);
  const entries = convolutionsOf(CNN_PLANS['mobilenet-v1']).flatMap((row) => {
    const shape = weightShape(row);
    const length = shape.reduce((a, b) => a * b, 1);
    const deviation = Math.sqrt((2 * row.outChannels) / length);
    const each = (value: number) =>
      floatTensor([row.outChannels], new Float32Array(row.outChannels).fill(value));
    return Object.entries({
      weights: floatTensor(
        shape,
        Float32Array.from({ length }, () => deviation * random.normal()),
      ),
      scale: each(1),
      shift: each(0),
      mean: each(0),
      variance: each(1),
    }).map(([part, tensor]) => [`${row.name}/${part}`, tensor] as const);
  });
  return Object.fromEntries(entries);
}

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-image-side-'));
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

async function trained(recipe: Recipe, studies: readonly LabelledStudy[]) {
  const start = drawnStart();
  const random = createRandom(6);
  const folded = foldNormalisation('mobilenet-v1', start);
  const frozen = await createFrozenMaps(runtime, folded, recipe, random.fork('noise'));
  const preparation = await createPreparation(runtime, folder, networkOf(recipe));
  const store = createMapStore({ folder, frozen, recipe, random, ...preparation });
  const copies = [];
  for (const study of studies)
    for (const copy of copyPlans(study, recipe)) copies.push(await store.keep(study, copy));
  await frozen.close();
  await preparation.close();
  const stem = path.join(folder, 'run');
  const phantomCnnFile = path.join(folder, 'phantoms');
  const task = { runtime, recipe, start, phantomCnnFile, copies, quietCopies: [], seed: 1, stem };
  return { run: await trainRun(task), copies };
}

test('a network of finer images is trained, written, and says of a file what it said in training', async () => {
  const recipe = shortRecipe(320);
  const heads = [studyOf('bleeding', true), studyOf('healthy', false)];
  const { run, copies } = await trained(
    recipe,
    heads.map(({ study }) => study),
  );
  const judge = await createJudge(runtime, recipe, run);
  const bytes = exportModel(defaultCard(recipe, [], 1, []), networkWeights(run));
  expect(readModel(bytes, 'finer.onnx').card.network).toMatchObject({ imageSide: 320 });
  const session = await runtime.load(bytes, { name: 'file' });
  for (const { study, volume } of heads) {
    const plain = copies.find((kept) => kept.study === study && kept.copy.form === 'plain');
    if (plain === undefined) throw new Error('no plain copy');
    const { twoType, fiveType } = await judge.judge(plain);
    const hu = { element: 'int16', shape: [SLICES, SIDE, SIDE], data: volume.hu } as const;
    const found = await session.run({ hu });
    const expected = twoType.slices.flatMap((logit, i) => [logit, ...(fiveType.slices[i] ?? [])]);
    // Training keeps HU in quarters and maps in steps of 6/255
    expect([...floatsOf(found, MODEL_PORTS.slices)]).toBeAllClose(expected.map(sigmoid), { absolute: 0.02 });
    const maps = found[MODEL_PORTS.heatMaps];
    expect(maps?.shape).toEqual([SLICES, 6, 20, 20]);
    const sums = Array.from({ length: 6 * SLICES }, (_, i) =>
      floatsOf(found, MODEL_PORTS.heatMaps)
        .subarray(400 * i, 400 * (i + 1))
        .reduce((sum, share) => sum + share, 0),
    );
    for (const sum of sums) expect(Math.min(Math.abs(sum), Math.abs(sum - 1))).toBeLessThan(1e-4);
  }
  await judge.close();
  await session.close();
});

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

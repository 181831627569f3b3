import { readFile } from 'node:fs/promises';
import proto from 'onnx-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../src/base/index.ts';
import {
  COMPACT_SETTINGS,
  exportModel,
  initialiseWeights,
  parametersOf,
  readModel,
} from '../src/network/index.ts';
import { createPredictor, quantiseModel } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { tinyCohort } from '../src/training/joint/training-fixture.ts';

const bundled = new URL('../models/default.onnx', import.meta.url);
const { studies } = tinyCohort(4);
const scans = studies.slice(0, 3).map((study) => () => study.load());
let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu' });
});
afterAll(() => runtime.close());

/** The paper's plan at a quarter of its width, untrained. */
async function compactModel() {
  const { card } = readModel(await readFile(bundled), 'default.onnx');
  const weights = initialiseWeights(parametersOf(COMPACT_SETTINGS), 3);
  const compact = { ...card, name: 'compact', network: COMPACT_SETTINGS };
  return readModel(exportModel(compact, weights), 'compact.onnx');
}

test('an int8 model predicts as the float32 one, maps too, and its card says what it is', {
  timeout: 60_000,
}, async () => {
  const model = await compactModel();
  const quantised = readModel(await quantiseModel(model, { runtime, scans }), 'compact-int8.onnx');
  expect(quantised.bytes.length).toBeLessThan(0.9 * model.bytes.length);
  expect(quantised.card.name).toBe('compact-int8');
  expect(quantised.card.differencesFromPaper.at(-1)).toContain('convolutions but the first in 8 bits');
  const operators = proto.onnx.ModelProto.decode(quantised.bytes).graph?.node ?? [];
  const counted = (type: string) => operators.filter(({ opType }) => opType === type).length;
  expect({ float: counted('Conv'), bytes: counted('QLinearConv') }).toEqual({ float: 2, bytes: 24 });
  const volume = await studies[3]?.load();
  const found = [];
  for (const each of [model, quantised]) {
    const predictor = createPredictor(each, runtime);
    found.push(await predictor.predict(volume as never, { operatingPoint: 0 }));
    await predictor.close();
  }
  const [before, after] = found;
  for (const [name, p] of Object.entries(before?.subject ?? {}))
    expect(Math.abs((after?.subject[name as 'subdural'] as number) - p), name).toBeLessThan(0.02);
  expect(after?.heatMaps).toBeDefined();
  await expect(quantiseModel(quantised, { runtime, scans })).rejects.toMatchObject({
    code: 'model-quantised',
  });
  await expect(quantiseModel(model, { runtime, scans: [] })).rejects.toMatchObject({ code: 'scans-missing' });
});

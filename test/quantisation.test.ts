import { readFile } from 'node:fs/promises';
import proto from 'onnx-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type Runtime } from '../src/base/index.ts';
import { rangeOutputs, rangeProbe } from '../src/graph/index.ts';
import {
  COMPACT_SETTINGS,
  exportModel,
  initialiseWeights,
  type NetworkSettings,
  parametersOf,
  QUICK_SETTINGS,
  readModel,
} from '../src/network/index.ts';
import { createPredictor, quantiseModel } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { tinyCohort } from '../src/training/joint/training-fixture.ts';
import type { Volume } from '../src/volume/index.ts';

const bundled = new URL('../models/default.onnx', import.meta.url);
const { studies } = tinyCohort(4);
const scans = studies.slice(0, 3).map((study) => () => study.load());
let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu' });
});
afterAll(() => runtime.close());

/** Untrained. */
async function modelOf(network: NetworkSettings) {
  const { card } = readModel(await readFile(bundled), 'default.onnx');
  const weights = initialiseWeights(parametersOf(network), 3);
  return readModel(exportModel({ ...card, name: 'compact', network }, weights), 'compact.onnx');
}

test('an int8 model predicts as the float32 one, maps too, and its card says what it is', {
  timeout: 60_000,
}, async () => {
  const model = await modelOf(COMPACT_SETTINGS);
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
  const [maps, mapsOfBytes] = [before, after].map((found) => [...(found?.heatMaps.anyHemorrhage ?? [])]);
  expect(Math.max(...(maps ?? []))).toBeCloseTo(0.92, 1);
  expect(mapsOfBytes).toBeAllClose(maps ?? [], { absolute: 0.08 });
  await expect(quantiseModel(quantised, { runtime, scans })).rejects.toMatchObject({
    code: 'model-quantised',
  });
  await expect(quantiseModel(model, { runtime, scans: [] })).rejects.toMatchObject({ code: 'scans-missing' });
});

/** Four slices through a head, two through its top: alone, these would be seen larger. */
async function headAndTop(): Promise<Volume> {
  const [random, side, slices] = [createRandom(1), 64, 6];
  const hu = Int16Array.from({ length: slices * side * side }, (_, i) => {
    const [slice, row, column] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const isHead = Math.hypot(row - 32, column - 32) < (slice < 4 ? 28 : 8);
    return isHead ? Math.round(random.normal(35, 20)) : -1000;
  });
  return { ...((await studies[0]?.load()) as Volume), hu, slices };
}

test('activations are measured on what the network sees of a scan, its head found from all slices', async () => {
  const model = await modelOf(QUICK_SETTINGS);
  const volume = await headAndTop();
  const scalesOf = (bytes: Uint8Array) =>
    (proto.onnx.ModelProto.decode(bytes).graph?.initializer ?? [])
      .filter(({ name }) => name?.endsWith('/scale'))
      .map(({ name, rawData }) => ({ name, scale: Buffer.from(rawData as Uint8Array).readFloatLE() }));
  const found = scalesOf(await quantiseModel(model, { runtime, scans: [async () => volume] }));
  const names = found.map(({ name }) => (name as string).slice(0, -'/scale'.length));
  const probe = await runtime.load(rangeProbe(model.bytes, names), { name: 'whole scan' });
  const shape = [volume.slices, volume.rows, volume.columns];
  const atOnce = await probe.run({ hu: { element: 'int16', shape, data: volume.hu } });
  await probe.close();
  expect(names.length).toBeGreaterThan(20);
  for (const [i, { scale }] of found.entries()) {
    const { low, high } = rangeOutputs(names[i] as string);
    const span = Math.max(0, Number(atOnce[high]?.data[0])) - Math.min(0, Number(atOnce[low]?.data[0]));
    expect(scale / (span / 255), names[i]).toBeCloseTo(1, 3);
  }
});

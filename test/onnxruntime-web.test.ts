import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import { expect, test } from 'vitest';
import { MODEL_PORTS, readModel } from '../src/network/index.ts';
import { createPredictor } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { headVolume } from './support/report-input.ts';

/** WebAssembly and native kernels add in another order. */
const TOLERANCE = { absolute: 1e-4 };

test('the model file runs whole in another ONNX Runtime, with the numbers of ours', {
  timeout: 120_000,
}, async () => {
  const bytes = new Uint8Array(await readFile(new URL('../models/default.onnx', import.meta.url)));
  const volume = headVolume(6);
  const shape = [volume.slices, volume.rows, volume.columns];
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const theirs = await session.run({ [MODEL_PORTS.hu]: new ort.Tensor('int16', volume.hu, shape) });
  const numbers = (port: string) => [...((theirs[port] as ort.Tensor).data as Float32Array)];

  const runtime = await createRuntime({ device: 'cpu' });
  const predictor = createPredictor(readModel(bytes, 'default.onnx'), runtime);
  const ours = await predictor.predict(volume, { operatingPoint: 0 });
  await runtime.close();

  expect(numbers(MODEL_PORTS.subject)).toBeAllClose(Object.values(ours.subject), TOLERANCE);
  expect(numbers(MODEL_PORTS.slices)).toBeAllClose(
    ours.slices.flatMap((row) => Object.values(row)),
    TOLERANCE,
  );
  const maps = numbers(MODEL_PORTS.heatMaps);
  const ofAny = Array.from({ length: volume.slices }, (_, slice) =>
    maps.slice(slice * 6 * 256, slice * 6 * 256 + 256),
  );
  expect(ofAny.flat()).toBeAllClose([...(ours.heatMaps.anyHemorrhage as Float32Array)], TOLERANCE);
});

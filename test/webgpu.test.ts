/** The GPU path without a GPU: WebGPU on the software driver that Debian's Chromium brings, held to the CPU's numbers. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DeviceName } from '../src/base/index.ts';
import { readModel } from '../src/network/index.ts';
import { createPredictor } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { headVolume } from './support/report-input.ts';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LIBRARIES = '/usr/lib';
const loads = (folder: string): boolean => existsSync(`${LIBRARIES}/${folder}/libvulkan.so.1`);
const isThere = existsSync(DRIVER) && readdirSync(LIBRARIES).some(loads);

/** GPUs add in another order. */
const TOLERANCE = { absolute: 1e-4 };

async function predicted(device: DeviceName) {
  const bytes = new Uint8Array(await readFile(new URL('../models/default.onnx', import.meta.url)));
  const runtime = await createRuntime({ device });
  const prediction = await createPredictor(readModel(bytes, 'default.onnx'), runtime).predict(headVolume(2), {
    operatingPoint: 0,
  });
  await runtime.close();
  return prediction;
}

describe('WebGPU on a software driver', { timeout: 240_000 }, () => {
  beforeAll(() => {
    if (!isThere) throw new Error(`no Vulkan driver in ${DRIVER}: apt-get install chromium libvulkan1`);
    process.env.VK_DRIVER_FILES = DRIVER;
  });

  test("gives the CPU's probabilities and heat maps, of both networks", async () => {
    const [gpu, cpu] = [await predicted('webgpu'), await predicted('cpu')];
    expect(Object.values(gpu.subject)).toBeAllClose(Object.values(cpu.subject), TOLERANCE);
    const ofSlices = ({ slices }: typeof cpu) => slices.flatMap((row) => Object.values(row));
    expect(ofSlices(gpu)).toBeAllClose(ofSlices(cpu), TOLERANCE);
    expect(Object.keys(gpu.heatMaps)).toEqual(Object.keys(cpu.heatMaps));
    expect(Object.keys(cpu.heatMaps)).toContain('anyHemorrhage');
    for (const [name, map] of Object.entries(cpu.heatMaps))
      expect(gpu.heatMaps[name as keyof typeof gpu.heatMaps]).toBeAllClose(map, TOLERANCE);
  });

  test('is slower than the CPU, so that auto says so and takes the CPU', async () => {
    const runtime = await createRuntime();
    await runtime.close();
    expect(runtime.device).toBe('cpu');
    expect(runtime.deviceNote).toContain('webgpu is slower');
  });
});

/** The computing worker of a page: ONNX Runtime blocks the thread that runs it. */
import * as cpuBuild from 'onnxruntime-web/wasm';
import {
  type ChosenDevice,
  type ComputeSettings,
  IchorError,
  type LoadOptions,
  messageOf,
  serveKernels,
} from '../base/index.ts';
import { chooseDevice, trialOn } from './choose-device.ts';
import { fetchWasm } from './wasm-files.ts';
import { type OnnxRuntime, openSession, prepare, type WebSession } from './web-session.ts';

/** WebAssembly shares memory between threads only where the page is cross-origin isolated. */
const threadsOf = (asked: number): number =>
  globalThis.crossOriginIsolated ? asked || navigator.hardwareConcurrency : 1;

const threadsText = (threads: number): string =>
  globalThis.crossOriginIsolated
    ? `${threads} threads`
    : 'one thread, because the page is not cross-origin isolated';

/** Runs what is convolutional, where it won the trial; its table of operators lacks GRU, Scan and Max. */
let gpu: OnnxRuntime | undefined;
let isInsisted = false;

async function open(settings: ComputeSettings): Promise<ChosenDevice> {
  const { device, wasmFolder = '' } = settings;
  const threads = threadsOf(settings.threads);
  isInsisted = device === 'webgpu';
  prepare(cpuBuild, await fetchWasm(wasmFolder, 'cpu'), threads);
  const { device: chosen, note } = await choose(device, wasmFolder);
  if (chosen === 'cpu') gpu = undefined;
  return { device: chosen, note: `${note}; WebAssembly with ${threadsText(threads)}` };
}

async function choose(device: ComputeSettings['device'], folder: string): Promise<ChosenDevice> {
  if (device === 'cpu') return { device, note: 'cpu, as asked' };
  // Asked first: the engine for it is fetched where it can run
  const lack = device === 'auto' ? await whyNoWebGpu() : undefined;
  if (lack !== undefined) return { device: 'cpu', note: `cpu: ${lack}` };
  const onGpu = async () => {
    gpu = await import('onnxruntime-web/webgpu');
    prepare(gpu, await fetchWasm(folder, 'webgpu'), 1);
    return await trialOn(gpu, 'webgpu');
  };
  return await chooseDevice(() => trialOn(cpuBuild, 'wasm'), onGpu, device !== 'auto');
}

/** Undefined where there is a graphics card for it. */
async function whyNoWebGpu(): Promise<string | undefined> {
  if (!('gpu' in navigator)) return 'this browser has no WebGPU';
  try {
    const adapter = await navigator.gpu.requestAdapter();
    return adapter === null ? 'this browser has no graphics card for WebGPU' : undefined;
  } catch (thrown) {
    return `this browser gives no graphics card for WebGPU (${messageOf(thrown)})`;
  }
}

/** A part that WebGPU cannot load runs on the CPU, unless WebGPU was insisted on. */
async function loadConvolutional(
  ort: OnnxRuntime,
  onnx: Uint8Array,
  options: LoadOptions,
): Promise<WebSession> {
  try {
    return await openSession(ort, 'webgpu', onnx, options);
  } catch (cause) {
    if (!isInsisted) return await openSession(cpuBuild, 'wasm', onnx, options);
    const text = `webgpu cannot run this model's CNN here (${messageOf(cause).slice(0, 120)}); use auto or cpu`;
    throw new IchorError('device-unavailable', text, { cause });
  }
}

const answer = serveKernels<WebSession>(
  {
    open,
    load: (onnx, options) =>
      gpu !== undefined && options.convolutional === true
        ? loadConvolutional(gpu, onnx, options)
        : openSession(cpuBuild, 'wasm', onnx, options),
    run: (session, feeds, wanted, into) => session.run(feeds, wanted, into),
    release: (session) => session.native.release(),
  },
  (reply, move) => globalThis.postMessage(reply, { transfer: move }),
);
globalThis.addEventListener('message', ({ data }) => answer(data));

/** The computing worker of a page: ONNX Runtime blocks the thread that runs it. */
import * as cpuBuild from 'onnxruntime-web/wasm';
import { type ChosenDevice, type ComputeSettings, serveKernels } from '../base/index.ts';
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

async function open(settings: ComputeSettings): Promise<ChosenDevice> {
  const { device, wasmFolder = '' } = settings;
  const threads = threadsOf(settings.threads);
  prepare(cpuBuild, await fetchWasm(wasmFolder, 'cpu'), threads);
  const { device: chosen, note } = await choose(device, wasmFolder);
  if (chosen === 'cpu') gpu = undefined;
  return { device: chosen, note: `${note}; WebAssembly with ${threadsText(threads)}` };
}

async function choose(device: ComputeSettings['device'], folder: string): Promise<ChosenDevice> {
  if (device === 'cpu') return { device, note: 'cpu, as asked' };
  if (device === 'auto' && !('gpu' in navigator))
    return { device: 'cpu', note: 'cpu: this browser has no WebGPU' };
  const onGpu = async () => {
    gpu = await import('onnxruntime-web/webgpu');
    prepare(gpu, await fetchWasm(folder, 'webgpu'), 1);
    return await trialOn(gpu, 'webgpu');
  };
  return await chooseDevice(() => trialOn(cpuBuild, 'wasm'), onGpu, device !== 'auto');
}

const answer = serveKernels<WebSession>(
  {
    open,
    load: (onnx, options) =>
      gpu !== undefined && options.convolutional === true
        ? openSession(gpu, 'webgpu', onnx, options)
        : openSession(cpuBuild, 'wasm', onnx, options),
    run: (session, feeds, wanted, into) => session.run(feeds, wanted, into),
    release: (session) => session.native.release(),
  },
  (reply, move) => globalThis.postMessage(reply, { transfer: move }),
);
globalThis.addEventListener('message', ({ data }) => answer(data));

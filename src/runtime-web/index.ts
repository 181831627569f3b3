/**
 * Runs ONNX graphs in a browser, in a Web Worker: WebAssembly, and WebGPU for the CNN where it is faster.
 *
 *     const runtime = await createWebRuntime({ wasmFolder: '/wasm/' });
 *     const predictor = createPredictor(readModel(bytes, 'default.onnx'), runtime);
 */

// Opening a device

export type { WebRuntimeOptions } from './web-runtime.ts';
export { createWebRuntime } from './web-runtime.ts';

// The files that the page's server must offer in that folder

export { WASM_FILES } from './wasm-files.ts';

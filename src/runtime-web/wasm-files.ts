import { fetchPart } from '../base/index.ts';

/** ONNX Runtime's parts outside of the bundle, by device; they lie in the package onnxruntime-web, in `dist/`. */
export const WASM_FILES = {
  cpu: { mjs: 'ort-wasm-simd-threaded.mjs', wasm: 'ort-wasm-simd-threaded.wasm' },
  webgpu: {
    mjs: 'ort-wasm-simd-threaded.asyncify.mjs',
    wasm: 'ort-wasm-simd-threaded.asyncify.wasm',
  },
} as const;

/** Addresses and bytes that ONNX Runtime is given, so that it fetches nothing in silence. */
export interface WasmParts {
  readonly paths: { readonly mjs: string; readonly wasm: string };
  readonly binary: ArrayBuffer;
}

/** Fetches a device's parts. Throws IchorError `wasm-missing`, `wasm-type`. */
export async function fetchWasm(folder: string, device: keyof typeof WASM_FILES): Promise<WasmParts> {
  const mjs = `${folder}${WASM_FILES[device].mjs}`;
  const wasm = `${folder}${WASM_FILES[device].wasm}`;
  await (await fetchPart(mjs, 'mjs')).body?.cancel();
  const response = await fetchPart(wasm, 'wasm');
  return { paths: { mjs, wasm }, binary: await response.arrayBuffer() };
}

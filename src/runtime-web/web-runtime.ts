import { type Runtime, runtimeOn } from '../base/index.ts';
import { startWebThread } from './web-thread.ts';

export interface WebRuntimeOptions {
  /** Where the files of WASM_FILES lie, as an address relative to the page. */
  readonly wasmFolder: string;
  /** `auto` (the default) lets WebGPU run the CNN where a trial agrees and is faster; the others insist. */
  readonly device?: 'auto' | 'cpu' | 'webgpu';
  /** By default all cores where the page is cross-origin isolated. Elsewhere there is one thread, whatever is asked. */
  readonly threads?: number;
}

/**
 * Opens a Web Worker that computes: the same interface as runtime/ gives in Node. Throws IchorError `wasm-missing` and
 * `wasm-type` where the server does not offer the files, `device-unavailable`, `runtime-out-of-memory`.
 */
export async function createWebRuntime(options: WebRuntimeOptions): Promise<Runtime> {
  const { wasmFolder, device = 'auto', threads = 0 } = options;
  const folder = new URL(wasmFolder.replace(/\/?$/, '/'), globalThis.location.href).href;
  return await runtimeOn(startWebThread(), { wasmFolder: folder, device, threads });
}

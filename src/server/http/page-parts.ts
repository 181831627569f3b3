import { createRequire } from 'node:module';
import path from 'node:path';
import { CODEC_FILES } from '../../dicom/index.ts';
import { DEFAULT_MODEL_PATH } from '../../service/index.ts';

const { resolve } = createRequire(import.meta.url);
const besideOf = (library: string, name: string) =>
  [`wasm/${name}`, path.join(path.dirname(resolve(library)), name)] as const;

/** Decoders of compressed slices. */
const CODECS = [
  besideOf('dcmjs-codecs', CODEC_FILES.native),
  besideOf('@cornerstonejs/codec-openjph', CODEC_FILES.htj2k),
];

const ENGINE = 'onnxruntime-web/wasm';

/** ONNX Runtime's WebAssembly and its loader, for the CPU and with WebGPU; none where it is not installed, for it is optional. */
const RUNTIME = (
  isInstalled(ENGINE) ? ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'] : []
).flatMap((name) => ['mjs', 'wasm'].map((ending) => besideOf(ENGINE, `${name}.${ending}`)));

function isInstalled(library: string): boolean {
  try {
    resolve(library);
    return true;
  } catch {
    return false;
  }
}

/** What a page fetches beside its bundles: its address under the page, and the file on the disk. */
export const PAGE_PARTS = {
  service: Object.fromEntries(CODECS),
  local: Object.fromEntries([...CODECS, ...RUNTIME, ['models/default.onnx', DEFAULT_MODEL_PATH]]),
} as const satisfies Record<string, Readonly<Record<string, string>>>;

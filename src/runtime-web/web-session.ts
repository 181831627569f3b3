import type { Env, InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-web';
import {
  type ComputeTensors,
  type LoadOptions,
  nativePorts,
  runNative,
  type Tensor,
  type TensorPort,
} from '../base/index.ts';
import type { WasmParts } from './wasm-files.ts';

/** One of ONNX Runtime's builds for browsers; each has its own environment and memory. */
export interface OnnxRuntime {
  readonly env: Env;
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/** A session with the build that made it. */
export interface WebSession {
  readonly native: InferenceSession;
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
  run(feeds: ComputeTensors, wanted: readonly string[], into: ComputeTensors): Promise<ComputeTensors>;
}

/** Where a build finds its parts, before its first session. */
export function prepare({ env }: OnnxRuntime, { paths, binary }: WasmParts, threads: number): void {
  // Only what is fatal: every fault is thrown as well, and would be printed twice
  env.logLevel = 'fatal';
  env.wasm.numThreads = threads;
  env.wasm.wasmPaths = paths;
  env.wasm.wasmBinary = binary;
}

export async function openSession(
  ort: OnnxRuntime,
  provider: 'wasm' | 'webgpu',
  onnx: Uint8Array,
  options: LoadOptions,
): Promise<WebSession> {
  const native = await ort.InferenceSession.create(onnx, {
    executionProviders: [provider],
    graphOptimizationLevel: options.optimised === false ? 'disabled' : 'all',
    enableMemPattern: false,
    logSeverityLevel: 4,
  });
  const toNative = ({ element, data, shape }: Tensor) => new ort.Tensor(element, data, shape);
  return {
    native,
    inputs: nativePorts(native.inputMetadata),
    outputs: nativePorts(native.outputMetadata),
    run: (feeds, wanted, into) => runNative(native, toNative, { feeds, wanted, into: into }),
  };
}

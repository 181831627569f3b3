import ort from 'onnxruntime-node';
import {
  type DeviceName,
  type LoadOptions,
  nativePorts,
  type Tensor,
  type TensorPort,
} from '../base/index.ts';

/** A session of ONNX Runtime, as it is; only this file, the worker and the device trial touch it. */
export interface OpenSession {
  readonly native: ort.InferenceSession;
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
}

// Only what is fatal: every fault is thrown as well, and would be printed twice
ort.env.logLevel = 'fatal';

/**
 * The arena keeps freed blocks for the next run, where there is one soon; the pattern cache is off because it plans one
 * block for every number of slices that comes by, and never lets go of it.
 */
const memoryOf = ({ runsOnce = false }: LoadOptions) => ({
  enableCpuMemArena: !runsOnce,
  enableMemPattern: false,
});

export async function createSession(
  onnx: Uint8Array,
  device: DeviceName,
  threads: number,
  options: LoadOptions,
): Promise<OpenSession> {
  const native = await ort.InferenceSession.create(onnx, {
    ...memoryOf(options),
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    graphOptimizationLevel: options.optimised === false ? 'disabled' : 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  return { native, inputs: nativePorts(native.inputMetadata), outputs: nativePorts(native.outputMetadata) };
}

export const toNative = ({ element, data, shape }: Tensor): ort.Tensor =>
  new ort.Tensor(element, data, shape);

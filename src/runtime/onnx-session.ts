import ort from 'onnxruntime-node';
import type { DeviceName, ElementType, LoadOptions, Tensor, TensorPort } from '../base/index.ts';
import type { Tensors } from './messages.ts';

/** A session of ONNX Runtime, as it is; only this file and the device trial touch it. */
export interface OpenSession {
  readonly native: ort.InferenceSession;
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
}

// Only what is fatal: every fault is thrown as well, and would be printed twice
ort.env.logLevel = 'fatal';

/**
 * The arena keeps freed blocks for the next run; the pattern cache is off because it plans one block for every
 * number of slices that comes by, and never lets go of it.
 */
const MEMORY = { enableCpuMemArena: true, enableMemPattern: false } as const;

export async function createSession(
  onnx: Uint8Array,
  device: DeviceName,
  threads: number,
  options: LoadOptions,
): Promise<OpenSession> {
  const native = await ort.InferenceSession.create(onnx, {
    ...MEMORY,
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    graphOptimizationLevel: options.optimised === false ? 'disabled' : 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  return { native, inputs: ports(native.inputMetadata), outputs: ports(native.outputMetadata) };
}

function ports(metadata: readonly ort.InferenceSession.ValueMetadata[]): TensorPort[] {
  return metadata.map((port) => {
    if (!port.isTensor) throw new Error(`${port.name} is not a tensor`);
    return { name: port.name, element: port.type as ElementType, shape: port.shape };
  });
}

const toNative = ({ element, data, shape }: Tensor): ort.Tensor => new ort.Tensor(element, data, shape);

/** Fills the buffers of `into` where given; everything else comes in new ones. */
export async function runSession(
  session: OpenSession,
  feeds: Tensors,
  wanted: readonly string[],
  into: Tensors,
): Promise<Tensors> {
  const fed = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toNative(tensor)]));
  const fetches = wanted.map((name) => [name, into[name] ? toNative(into[name]) : null] as const);
  const results = await session.native.run(fed, Object.fromEntries(fetches));
  return Object.fromEntries(
    wanted.map((name) => [name, into[name] ?? fromNative(results[name] as ort.Tensor)]),
  );
}

const fromNative = (tensor: ort.Tensor): Tensor =>
  ({ element: tensor.type, shape: tensor.dims, data: tensor.data }) as unknown as Tensor;

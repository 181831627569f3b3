/** How an element is stored; `bool` is one byte, 0 or 1. */
export type ElementType = 'float32' | 'int16' | 'int32' | 'int64' | 'uint8' | 'bool';

export interface ElementArrays {
  readonly float32: Float32Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly uint8: Uint8Array;
  readonly bool: Uint8Array;
}

/**
 * Numbers with a shape, row-major. Data on a SharedArrayBuffer crosses to the computing thread without a copy;
 * anything else is copied once.
 */
export type Tensor = {
  readonly [E in ElementType]: {
    readonly element: E;
    readonly shape: readonly number[];
    readonly data: ElementArrays[E];
  };
}[ElementType];

/** A session's input or output; a dimension that is a string is free (`slices`). */
export interface TensorPort {
  readonly name: string;
  readonly element: ElementType;
  readonly shape: readonly (number | string)[];
}

export interface RunOptions {
  /** Refuses to start, or to hand back, once aborted; a run under way ends first. */
  readonly signal?: AbortSignal;
  /** Buffers to be filled instead of new ones; on SharedArrayBuffers no byte is copied between threads. */
  readonly into?: Readonly<Record<string, Tensor>>;
}

/** A loaded graph on a device. */
export interface Session {
  readonly name: string;
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
  /**
   * Runs the graph; without `wanted`, all outputs are computed.
   * Throws IchorError `runtime-out-of-memory`, `runtime-failed` (with the graph's name), `aborted`.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    wanted?: readonly string[],
    options?: RunOptions,
  ): Promise<Readonly<Record<string, Tensor>>>;
  close(): Promise<void>;
}

export type DeviceName = 'cpu' | 'cuda' | 'webgpu';

export interface LoadOptions {
  /** For error texts. */
  readonly name?: string;
  /** Whether the device's kernels may be rearranged for speed (default true). */
  readonly optimised?: boolean;
  /** Holds convolutions and what goes between them alone, so that a GPU with a short table of operators runs it. */
  readonly convolutional?: boolean;
  /** Runs once per study: its memory is given back after each run and not kept for the next. */
  readonly runsOnce?: boolean;
}

/** Runs ONNX graphs: injected into every room that must also run in a browser. */
export interface Runtime {
  readonly device: DeviceName;
  /** In words: which device runs, and why not a better one. */
  readonly deviceNote: string;
  load(onnx: Uint8Array, options?: LoadOptions): Promise<Session>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

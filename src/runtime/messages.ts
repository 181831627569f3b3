import type { DeviceName, LoadOptions, Tensor, TensorPort } from '../base/index.ts';

/** What the computing thread is asked to do. */
export type Request =
  | {
      readonly kind: 'load';
      readonly onnx: Uint8Array;
      readonly device: DeviceName;
      readonly threads: number;
      readonly options: LoadOptions;
    }
  | {
      readonly kind: 'run';
      readonly session: number;
      readonly feeds: Readonly<Record<string, Tensor>>;
      readonly wanted: readonly string[];
      readonly into: Readonly<Record<string, Tensor>>;
    }
  | { readonly kind: 'close'; readonly session: number };

export interface Loaded {
  readonly session: number;
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
}
export type Tensors = Readonly<Record<string, Tensor>>;

export interface Reply {
  readonly id: number;
  readonly result?: Loaded | Tensors;
  /** The message of what was thrown. */
  readonly fault?: string;
}

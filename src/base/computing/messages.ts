import type { DeviceName, LoadOptions, Tensor, TensorPort } from '../runtime-types.ts';

/** What a computing thread starts with. */
export interface ComputeSettings {
  readonly device: DeviceName | 'auto';
  /** Of the CPU's kernels; 0 leaves it to ONNX Runtime. */
  readonly threads: number;
  /** Where the page's WebAssembly files lie; in a browser alone. */
  readonly wasmFolder?: string;
}

export interface ChosenDevice {
  readonly device: DeviceName;
  /** In words: which device runs, and why not a better one. */
  readonly note: string;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface Ports {
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
}

/** What a computing thread is asked, by kind, and what it answers. */
export interface Questions {
  readonly open: { readonly asks: { readonly settings: ComputeSettings }; readonly answers: ChosenDevice };
  readonly load: {
    readonly asks: { readonly onnx: Uint8Array; readonly options: LoadOptions };
    readonly answers: Ports & { readonly session: number };
  };
  readonly run: {
    readonly asks: {
      readonly session: number;
      readonly feeds: Tensors;
      readonly wanted: readonly string[];
      readonly into: Tensors;
    };
    readonly answers: Tensors;
  };
  readonly close: { readonly asks: { readonly session: number }; readonly answers: null };
}

export type QuestionKind = keyof Questions;
export type Question = {
  readonly [Kind in QuestionKind]: { readonly kind: Kind } & Questions[Kind]['asks'];
}[QuestionKind];
export type Answer = Questions[QuestionKind]['answers'];

export interface Asked {
  readonly id: number;
  readonly question: Question;
}

export interface Reply {
  readonly id: number;
  readonly answer?: Answer;
  /** What was thrown; `code` where it was an IchorError. */
  readonly fault?: { readonly text: string; readonly code?: string };
}
